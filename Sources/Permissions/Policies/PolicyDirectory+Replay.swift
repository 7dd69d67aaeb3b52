import Policies

/// What comes of trying policies on the recorded requests, in their order.
public enum PolicyReplayEvent: Sendable {
    /// They would have decided otherwise: what they say.
    case changed(RecordedRequest, PolicyVerdict)
    /// How many were tried, and when the last of them was made, Unix milliseconds.
    case progress(tried: Int, reached: Int64)
    /// All were tried.
    case finished(tried: Int, changed: Int)
}

extension PolicyDirectory {
    /// Requests between two words about the progress of a replay.
    private static let replayStep = 1_000

    /// Tries policies on the live requests that were recorded since a time (Unix milliseconds), and tells `report` what
    /// they would have decided otherwise. Nothing is changed.
    public func replay(
        _ set: PolicySet, since: Int64, workspace: String, _ report: (PolicyReplayEvent) async throws -> Void
    ) async throws {
        var tried = 0
        var changed = 0
        try await forEachRecordedRequest(since: since, workspace: workspace) { request in
            let verdict = set.evaluate(request.facts)
            if verdict.action != request.action {
                changed += 1
                try await report(.changed(request, verdict))
            }
            tried += 1
            if tried.isMultiple(of: Self.replayStep) {
                try await report(.progress(tried: tried, reached: request.facts.now))
            }
        }
        try await report(.finished(tried: tried, changed: changed))
    }
}
