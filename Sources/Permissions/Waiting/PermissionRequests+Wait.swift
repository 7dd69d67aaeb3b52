extension PermissionRequests {
    /// Seconds that somebody may wait in one request.
    public static let longestWait = 30

    /// Returns when a permission is no longer pending, or after `seconds` (0…30). Throws `notFound`; `unavailable` where
    /// too many wait.
    public func waitForDecision(_ id: String, workspace: String, atMost seconds: Int) async throws(PermissionError) {
        // Who listens before looking misses nothing.
        let changes = try events.changes(of: id)
        guard try await permission(id, workspace: workspace).status == .pending else { return }
        let wait = Duration.seconds(min(max(0, seconds), Self.longestWait))
        await withTaskGroup { group in
            group.addTask { for await change in changes where change.status != .pending { return } }
            group.addTask { [pause] in await pause(wait) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits until a permission is no longer pending, or the task is cancelled: for callers that keep the time themselves,
    /// at a fraction of the memory.
    public func waitForDecision(_ id: String, workspace: String) async throws(PermissionError) {
        let changes = try events.changes(of: id)
        guard try await permission(id, workspace: workspace).status == .pending else { return }
        for await change in changes where change.status != .pending { return }
    }

    /// Where changes are told.
    public var events: PermissionEvents { journal.events }
}
