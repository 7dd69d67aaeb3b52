import EnclaveLink

/// A message as an in-process enclave would post it.
public struct DeliveredWebhook: Equatable, Sendable {
    public let url: String
    /// `webhook-id`
    public let message: String
    /// `webhook-timestamp`
    public let timestamp: Int64
    /// `webhook-signature`
    public let signatures: String
    public let body: String
}

/// Hands each message to a test instead of its receiver.
struct RecordingWebhooks: WebhookDelivering {
    let deliver: InProcessEnclave.DeliveringWebhook
    let reach: WebhookReach?

    func deliver(
        _ webhook: SignedWebhook, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WebhookOutcome) -> Void
    ) {
        let delivered = DeliveredWebhook(
            url: webhook.address.text, message: webhook.message, timestamp: webhook.timestamp,
            signatures: webhook.signatures, body: String(decoding: webhook.body, as: UTF8.self))
        Task { completion(await deliver(delivered)) }
    }
}
