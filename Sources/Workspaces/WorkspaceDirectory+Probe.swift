import Storage

extension WorkspaceDirectory {
    /// Takes a unit of work that changes nothing the way that all take: through the queue, into a commit.
    ///
    /// Throws `unavailable` where it cannot be taken.
    public func probe() async throws(WorkspaceError) {
        try await database.write(throwing: WorkspaceError.self) { _ in }
    }
}
