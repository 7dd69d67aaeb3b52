import EnclaveLink

/// Delivers messages in the background, each by its deadline or not at all.
final class Courier: Sendable {
    /// - Parameters:
    ///   - settings: where messages go.
    ///   - descriptors: the host, which opens streams and inbox files.
    init(settings: DeliverySettings, descriptors: any DescriptorRequesting) {
    }

    /// Reads everything that delivery would otherwise read later from files. Call it once, before the sandbox
    /// closes and before other threads start.
    static func warmUp() {
    }

    /// Delivers one message without blocking the caller.
    ///
    /// - Parameters:
    ///   - deadline: when to give up, the time in the queue included.
    ///   - completion: called exactly once, on another thread unless the queue is full.
    func deliver(
        _ message: OutgoingMessage, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (DeliveryOutcome) -> Void
    ) {
        completion(.failed(DeliveryFailure(provider: "", reason: .busy, providerStatus: 0, mayHaveArrived: false)))
    }
}
