import Storage

extension Database {
    /// `write`, of something that is remembered: `forget` is called before the change is acknowledged, and also after a
    /// failure, because a commit whose answer was lost may have happened.
    public func write<Value: Sendable, Failure: StorageFailure>(
        throwing failure: Failure.Type, forgetting forget: () -> Void,
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(Failure) -> Value {
        defer { forget() }
        return try await write(throwing: failure, work)
    }
}
