import Synchronization

/// How attempts to deliver webhooks ended since this process started.
public final class WebhookCounters: Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        /// The receiver took the message.
        case delivered
        /// It answered something else.
        case refused
        /// There was no answer.
        case failed
    }

    private let counts = Mutex<[Outcome: Int]>([:])

    init() {}

    /// All counts, those that are 0 included.
    public var snapshot: [(outcome: Outcome, count: Int)] {
        let counts = counts.withLock { $0 }
        return Outcome.allCases.map { ($0, counts[$0] ?? 0) }
    }

    func count(_ result: WebhookAttemptResult) {
        guard result.counts else { return }
        let outcome: Outcome =
            if case .answered = result { result.isSuccess ? .delivered : .refused } else { .failed }
        counts.withLock { $0[outcome, default: 0] += 1 }
    }
}
