import FraudGuard
import Synchronization
import Workspaces

/// What became of messages to numbers under the guard since this process started, for Prometheus.
public final class GuardCounters: Sendable {
    public enum Ruling: String, CaseIterable, Sendable {
        case passed, probed, refused
        /// Went out although its range was stopped: the guard only watches.
        case watched
        /// Went out although its range was stopped: its number was verified lately.
        case known
    }

    private struct Counts {
        var rulings: [Ruling: Int] = [:]
        var verifiedWhileStopped = 0
    }

    private let counts = Mutex(Counts())

    /// All counts, those that are 0 included.
    public var rulings: [(Ruling, Int)] {
        let counts = counts.withLock { $0.rulings }
        return Ruling.allCases.map { ($0, counts[$0] ?? 0) }
    }

    /// Codes that were verified, of those that went out although their range was stopped.
    public var verifiedWhileStopped: Int { counts.withLock { $0.verifiedWhileStopped } }

    /// Counts a send that was admitted.
    func add(_ ruling: GuardRuling, _ mode: WorkspaceSettings.GuardMode) {
        switch ruling {
        case .pass: add(.passed)
        case .probe: add(.probed)
        case .stopped: add(mode == .enforce ? .known : .watched)
        }
    }

    func add(_ ruling: Ruling) { counts.withLock { $0.rulings[ruling, default: 0] += 1 } }

    func addVerifiedWhileStopped() { counts.withLock { $0.verifiedWhileStopped += 1 } }
}
