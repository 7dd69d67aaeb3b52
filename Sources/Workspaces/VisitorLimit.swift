import Storage

/// Requests that visitors of one network may make, without any cooperation of theirs.
public struct VisitorLimit: Sendable {
    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Takes one request of `network` from the workspace's `visitor_limit` a minute. Throws `rateLimited`.
    public func take(network: String, from workspace: Workspace) async throws(WorkspaceError) {
        throw .unavailable("not built yet")
    }
}
