import EnclaveLink

/// Posts messages in the background, as many at the same time as the host may ask for.
final class WebhookSender: WebhookDelivering {
    /// Messages that may wait for a connection.
    static let queueCapacity = 64

    let reach: WebhookReach?
    private let lane: Lane<SignedWebhook, WebhookOutcome>

    /// - Parameter descriptors: the host, which opens streams.
    /// - Throws: ``TransportError``; nothing runs then.
    init(settings: WebhookSettings, descriptors: any DescriptorRequesting) throws(TransportError) {
        let authorities = try TrustedAuthorities(settings.certificateAuthorities)
        var connections: [WebhookConnection] = []
        for _ in 0..<DeliverWebhook.parallel {
            connections.append(try WebhookConnection(trusting: authorities, descriptors: descriptors))
        }
        reach = settings.reach
        // In either case nothing was sent.
        lane = try Lane(
            "webhooks", capacity: Self.queueCapacity, workers: connections,
            refusals: .init(busy: .failed(.busy), late: .failed(.busy)))
    }

    func deliver(
        _ webhook: SignedWebhook, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WebhookOutcome) -> Void
    ) {
        lane.accept(webhook, deadline: deadline, completion: completion)
    }
}
