/// An errand in a queue, with whom to tell.
struct LaneJob<Errand: Sendable, Outcome: Sendable>: Sendable {
    let errand: Errand
    let deadline: ContinuousClock.Instant
    let completion: @Sendable (Outcome) -> Void
}
