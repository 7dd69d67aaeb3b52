import EnclaveLink

/// A message in a queue, with whom to tell.
struct DeliveryJob: Sendable {
    let message: OutgoingMessage
    let deadline: ContinuousClock.Instant
    let completion: @Sendable (DeliveryOutcome) -> Void
}
