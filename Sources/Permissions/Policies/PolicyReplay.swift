import Policies

/// What other policies would have said to a piece of the recorded requests.
public struct PolicyReplay: Sendable {
    /// Requests that are tried at a time.
    public static let largestPiece = 1_000

    /// A request that they would have decided otherwise.
    public struct Change: Sendable {
        public let request: RecordedRequest
        /// What they say.
        public let verdict: PolicyVerdict
    }

    /// How many requests the piece has.
    public let tried: Int
    public let changes: [Change]
    /// When the piece's last request was made, Unix milliseconds; nil for an empty piece.
    public let reached: Int64?
    /// The piece's last permission, after which the next piece begins; nil where this one is the last.
    public let next: String?
}

extension PolicyDirectory {
    /// Tries policies on the requests that were recorded since a time (Unix milliseconds), `limit` of them after the
    /// permission `after`. Nothing is changed.
    public func replay(
        _ set: PolicySet, since: Int64, after: String?, limit: Int = PolicyReplay.largestPiece, workspace: String
    ) async throws(PermissionError) -> PolicyReplay {
        let requests = try await recorded(since: since, after: after, limit: limit, workspace: workspace)
        let changes = requests.compactMap { request -> PolicyReplay.Change? in
            let verdict = set.evaluate(request.facts)
            return verdict.action == request.action ? nil : PolicyReplay.Change(request: request, verdict: verdict)
        }
        return PolicyReplay(
            tried: requests.count, changes: changes, reached: requests.last?.facts.now,
            next: requests.count < limit ? nil : requests.last?.permission)
    }
}
