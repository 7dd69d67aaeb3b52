import Glibc

/// A database file that can only be read, beside a process that owns it or without one.
public final class ReadOnlySQLiteDatabase: Database {
    private let readers: SQLiteReaders

    /// Opens the file at `path`. Throws `StorageError` with code `unavailable` where there is none.
    public init(path: String) throws(StorageError) {
        guard access(path, R_OK) == 0 else {
            throw StorageError(.unavailable, reason: "cannot read \(path): \(describe(systemError: errno))")
        }
        readers = try SQLiteReaders(path: path, count: 2)
    }

    /// Always refused: `StorageError` with code `unavailable`.
    public func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        throw StorageError.readingOnly
    }

    public func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value {
        try readers.read(work)
    }

    /// Always refused: `StorageError` with code `unavailable`.
    public func forgetDeleted() async throws {
        throw StorageError.readingOnly
    }

    public var hasOneOwner: Bool { false }

    public func close() async { readers.close() }
}

extension StorageError {
    fileprivate static let readingOnly = StorageError(
        .unavailable, reason: "the database was opened for reading only")
}
