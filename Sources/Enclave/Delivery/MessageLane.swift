import EnclaveLink

/// The lane of one provider of messages.
struct MessageLane: Sendable {
    let provider: String
    private let lane: Lane<OutgoingMessage, DeliveryOutcome>

    /// - Parameter capacity: messages that may wait for a worker.
    init(
        provider: String, capacity: Int, workers: [any LaneWorker<OutgoingMessage, DeliveryOutcome>]
    ) throws(TransportError) {
        self.provider = provider
        lane = try Lane(
            provider, capacity: capacity, workers: workers,
            refusals: .init(busy: .failed(.busy, by: provider), late: .failed(.timedOut, by: provider)))
    }

    /// As ``Lane/accept(_:latestStart:deadline:completion:)``. Half of the time may pass in the queue: a message that leaves
    /// it with hardly any left is one that may have arrived, where another provider would have brought it.
    func accept(
        _ message: OutgoingMessage, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (DeliveryOutcome) -> Void
    ) {
        let now = ContinuousClock.now
        lane.accept(message, latestStart: now + (deadline - now) / 2, deadline: deadline, completion: completion)
    }
}

extension DeliveryOutcome {
    /// A message that was not handed to anyone.
    static func failed(_ reason: DeliveryFailure.Reason, by provider: String) -> Self {
        .failed(DeliveryFailure(provider: provider, reason: reason, providerStatus: 0, mayHaveArrived: false))
    }
}
