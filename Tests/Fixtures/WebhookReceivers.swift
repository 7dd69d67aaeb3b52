import Enclave
import EnclaveLink
import Synchronization

/// The receivers of an installation's webhooks: each takes what comes and answers as a test wants it to.
public final class WebhookReceivers: Sendable {
    public typealias Answering = @Sendable (DeliveredWebhook) async -> WebhookOutcome

    private struct State {
        var received: [DeliveredWebhook] = []
        var answers: [String: Answering] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// All messages, in the order in which they came.
    public var received: [DeliveredWebhook] { state.withLock { $0.received } }

    /// What came to one address.
    public func received(at url: String) -> [DeliveredWebhook] { received.filter { $0.url == url } }

    /// What the receiver at this address does with each message from now on; without it, it answers 204.
    public func answer(at url: String, _ answer: @escaping Answering) { state.withLock { $0.answers[url] = answer } }

    /// The same status for every message.
    public func answer(at url: String, status: Int) { answer(at: url) { _ in .answered(status: status) } }

    public func receive(_ webhook: DeliveredWebhook) async -> WebhookOutcome {
        let answer = state.withLock { state in
            state.received.append(webhook)
            return state.answers[webhook.url]
        }
        return await answer?(webhook) ?? .answered(status: 204)
    }
}
