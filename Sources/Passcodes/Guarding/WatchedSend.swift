import FraudGuard
import Workspaces

/// A send of which the guard knows.
struct WatchedSend: Sendable {
    var workspace: String
    var ranges: SendTraits
    var ruling: GuardRuling
    var mode: WorkspaceSettings.GuardMode
    /// Unix milliseconds.
    var time: Int64

    /// The range that is stopped and the seconds to wait, where the guard does more than watch.
    var refusal: (range: TrafficRange, retryAfter: Int)? {
        guard mode == .enforce, case .stopped(let range, let retryAfter) = ruling else { return nil }
        return (range, retryAfter)
    }

    var traits: ChallengeTraits {
        switch ruling {
        case .pass: ChallengeTraits(ranges, .counted)
        case .probe: ChallengeTraits(ranges, .probe)
        case .stopped: ChallengeTraits(ranges, .uncounted)
        }
    }
}
