/// Whoever runs a lane's errands, such as a connection to a provider. Used by one thread at a time.
protocol LaneWorker<Errand, Outcome>: AnyObject {
    associatedtype Errand: Sendable
    associatedtype Outcome: Sendable

    /// Runs one errand and blocks meanwhile, at most until the deadline.
    func run(_ errand: Errand, until deadline: ContinuousClock.Instant) -> Outcome
}
