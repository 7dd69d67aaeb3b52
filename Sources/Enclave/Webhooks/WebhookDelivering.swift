import EnclaveLink

/// Brings messages to their receivers.
protocol WebhookDelivering: Sendable {
    /// Where they may go; nil where nothing is delivered.
    var reach: WebhookReach? { get }

    /// Delivers without blocking the caller; `completion` is called exactly once.
    func deliver(
        _ webhook: SignedWebhook, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WebhookOutcome) -> Void)
}

/// Stands where nothing is delivered: there are no certificate authorities to trust, or the settings name no host.
struct UnconfiguredWebhooks: WebhookDelivering {
    var reach: WebhookReach?

    func deliver(
        _ webhook: SignedWebhook, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WebhookOutcome) -> Void
    ) {
        completion(.failed(.notConfigured))
    }
}
