import Storage

/// Requests that visitors of one network may make, without any cooperation of theirs.
public struct VisitorLimit: Sendable {
    private static let minute: Int64 = 60_000

    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Takes one request of `network` from the workspace's `visitor_limit`. Throws `rateLimited`.
    ///
    /// The limit is an allowance, no ceiling: so many at once, then one every minute / `visitor_limit`. After a rest up
    /// to 2 × `visitor_limit` − 1 requests fit into one minute; in the long run it is `visitor_limit` a minute.
    public func take(network: String, from workspace: Workspace) async throws(WorkspaceError) {
        let limit = workspace.settings.visitorLimit
        guard limit > 0 else { return }
        let now = clock.now()
        let allowance = Allowance(kind: "visitor", subject: network, limit: limit, period: Self.minute)
        let wait = try await database.write(throwing: WorkspaceError.self) { transaction in
            try allowance.take(workspace: workspace.id, now: now, in: transaction)
        }
        guard let wait else { return }
        let policy = RateLimitPolicy(name: "visitor", uses: limit, seconds: Int(Self.minute / 1000))
        throw .requestsLimited(from: "network", policy: policy, retryAfter: Int((wait + 999) / 1000))
    }
}
