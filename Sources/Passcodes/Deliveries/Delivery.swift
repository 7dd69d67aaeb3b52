import EnclaveLink

/// A message with a code: who was to bring it, and what became of it.
public struct Delivery: Equatable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        /// On its way to the provider.
        case pending
        /// The provider took it.
        case sent
        /// The provider says that it arrived.
        case delivered
        /// The provider did not take it, or took it and says that it did not arrive.
        case failed
    }

    let workspace: String
    let challenge: String
    /// Counted from 1 over all messages of a challenge.
    var attempt: Int
    public let channel: Channel
    public let provider: String
    /// The provider's own name for it; empty where it gave none.
    var message = ""
    public var state = State.pending
    /// Why it failed, in our word and the provider's own number or word; empty where it did not.
    public var reason = ""
    /// Unix milliseconds.
    public let startedAt: Int64
    /// When the provider took or refused it.
    public var settledAt: Int64?
    /// When the provider reported what became of it.
    public var reportedAt: Int64?

    /// The reason of a message that was under way when the server died.
    static let interrupted = "interrupted"
    /// The reason where all providers were left out, so that none was asked.
    static let leftOut = "leftOut"
}

extension Delivery {
    /// A message as a send tried it.
    init(_ attempt: DeliveryRun.Try, number: Int, of challenge: Challenge) {
        self.init(
            workspace: challenge.workspace, challenge: challenge.id, attempt: number, channel: attempt.step.channel,
            provider: attempt.step.provider, startedAt: attempt.startedAt, settledAt: attempt.settledAt)
        switch attempt.outcome {
        case .success(.accepted(_, let message)): (state, self.message) = (.sent, message)
        case .success(.failed(let failure)):
            (state, reason) = (.failed, "\(failure.reason.rawValue) \(failure.providerStatus)")
        case .failure: (state, reason) = (.failed, "enclave unavailable")
        }
    }
}
