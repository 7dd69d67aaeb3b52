import EnclaveLink

/// One worker's means of transport, such as a connection to a mail server. Used by one thread at a time.
protocol MessageCarrier: AnyObject {
    /// Delivers one message and blocks meanwhile, at most until the deadline.
    func carry(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) -> DeliveryOutcome
}
