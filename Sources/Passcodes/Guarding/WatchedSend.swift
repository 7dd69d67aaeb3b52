import FraudGuard
import Synchronization
import Workspaces

/// A message to a number, of which the fraud guard is to know. It is ruled on in the unit of work that admits it, and
/// what was counted is taken back at most once.
final class WatchedSend: Sendable {
    /// What the guard said.
    struct Answer: Sendable {
        var ruling: GuardRuling
        /// Unix milliseconds.
        var time: Int64

        /// How a message is counted that goes out.
        var standing: SendStanding {
            switch ruling {
            case .pass: .counted
            case .probe: .probe
            case .stopped: .uncounted
            }
        }
    }

    let workspace: String
    let ranges: SendTraits
    let mode: WorkspaceSettings.GuardMode
    let terms: GuardTerms
    private let answer = Mutex<Answer?>(nil)

    init(_ ranges: SendTraits, in workspace: Workspace) {
        self.workspace = workspace.id
        self.ranges = ranges
        mode = workspace.settings.guardMode
        terms = workspace.settings.guardTerms
    }

    /// Nil where the guard was not asked, or took its answer back.
    var lastAnswer: Answer? { answer.withLock { $0 } }

    func set(_ new: Answer) { answer.withLock { $0 = new } }

    /// What is to be taken back, once.
    func takeAnswer() -> Answer? {
        answer.withLock { answer in
            defer { answer = nil }
            return answer
        }
    }

    /// Seconds to wait; nil where the message may go, also because the guard only watches.
    func wait(_ ruling: GuardRuling) -> Int? {
        guard mode == .enforce, case .stopped(_, let retryAfter) = ruling else { return nil }
        return retryAfter
    }

    var traits: ChallengeTraits { ChallengeTraits(ranges, lastAnswer?.standing) }
}
