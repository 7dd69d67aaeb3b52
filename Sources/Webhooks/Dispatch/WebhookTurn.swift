import EnclaveLink

/// What somebody who delivers has of an endpoint for a while: a few messages that are due, and all that it takes to send
/// them. Nobody else delivers to the endpoint meanwhile.
struct WebhookTurn: Sendable {
    struct Message: Sendable {
        let id: String
        let body: String
        /// Attempts that failed since it was queued.
        let failures: Int
    }

    /// Messages of a turn, which go out at the same time, for a receiver that took the last one; any other gets one, so
    /// that it occupies as little as can be.
    static let size = 2
    /// Milliseconds until an attempt is given up.
    static let deadline = 10_000
    /// Milliseconds after which others may have the endpoint: whoever had it must be gone. An attempt and the enclave's
    /// way back take 11 seconds.
    static let lease: Int64 = 30_000

    let workspace: String
    let endpoint: String
    let url: String
    let secrets: [SealedWebhookSecret]
    let messages: [Message]

    /// - Parameter now: Unix milliseconds.
    func request(_ message: Message, now: Int64) -> DeliverWebhook {
        DeliverWebhook(
            workspace: workspace, endpoint: endpoint, secrets: secrets, url: url, message: message.id,
            timestamp: now / 1000, body: message.body, deadline: Self.deadline)
    }
}
