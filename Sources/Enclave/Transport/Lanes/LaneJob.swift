/// An errand in a queue, with whom to tell.
struct LaneJob<Errand: Sendable, Outcome: Sendable>: Sendable {
    let errand: Errand
    /// Who has no worker until then gets none.
    let latestStart: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    let completion: @Sendable (Outcome) -> Void
}
