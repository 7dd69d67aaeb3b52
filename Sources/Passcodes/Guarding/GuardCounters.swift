import FraudGuard
import Synchronization
import Workspaces

/// What the guard said since this process started, for Prometheus.
public final class GuardCounters: Sendable {
    public enum Count: String, CaseIterable, Sendable {
        case passed, probed, refused
        /// Would have been refused, by a guard that only watches.
        case watched
        /// Out of those that went out although their range was stopped, the ones that were verified.
        case verified = "wrongly_stopped"
    }

    private let counts = Mutex<[Count: Int]>([:])

    /// All counts, those that are 0 included.
    public var snapshot: [(Count, Int)] {
        let counts = counts.withLock { $0 }
        return Count.allCases.map { ($0, counts[$0] ?? 0) }
    }

    func add(_ ruling: GuardRuling, _ mode: WorkspaceSettings.GuardMode) {
        switch ruling {
        case .pass: add(.passed)
        case .probe: add(.probed)
        case .stopped: add(mode == .enforce ? .refused : .watched)
        }
    }

    func addWronglyStopped() { add(.verified) }

    private func add(_ count: Count) { counts.withLock { $0[count, default: 0] += 1 } }
}
