extension Database {
    /// Deletes in steps that others do not have to wait for.
    ///
    /// `delete` removes at most as many rows of each table as it is told, and returns the largest number that it removed
    /// of one.
    public func prune<Failure: StorageFailure>(
        throwing failure: Failure.Type, _ delete: @escaping @Sendable (_ count: Int, any Transaction) throws -> Int
    ) async throws(Failure) {
        let step = 500
        var deleted = step
        while deleted >= step, !Task.isCancelled {
            deleted = try await write(throwing: failure) { try delete(step, $0) }
        }
    }
}
