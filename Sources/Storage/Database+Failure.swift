/// A room's own error, made from whatever ended a unit of work: its own errors stay what they are, and a store that
/// cannot answer becomes the room's word for it.
public protocol StorageFailure: Error {
    init(_ error: any Error)
}

extension Database {
    /// `write`, whose failures are of one type.
    public func write<Value: Sendable, Failure: StorageFailure>(
        throwing failure: Failure.Type, _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(Failure) -> Value {
        do { return try await write(work) } catch { throw Failure(error) }
    }

    /// `read`, whose failures are of one type.
    public func read<Value: Sendable, Failure: StorageFailure>(
        throwing failure: Failure.Type, _ work: @Sendable (any Transaction) throws -> Value
    ) async throws(Failure) -> Value {
        do { return try await read(work) } catch { throw Failure(error) }
    }
}
