/// Where state lives. Every change is one unit of work: it commits as a whole, durably, or not at all.
///
/// SQLite is the embedded default; PostgreSQL fits behind the same protocol. SQL is written once, in the subset
/// that both understand: `$1` parameters, `INSERT … ON CONFLICT`, `RETURNING`, `BIGINT`, `TEXT`, `BYTEA`.
public protocol Database: Sendable {
    /// Runs `work` and returns after its changes reached the disk. An error that `work` throws undoes its changes,
    /// and only its, and is rethrown as it is. `work` may run more than once on a database that retries.
    func write<Value: Sendable>(_ work: @escaping @Sendable (any Transaction) throws -> Value) async throws -> Value

    /// Runs `work` on a consistent snapshot that sees every acknowledged write. Writing in it is an error.
    func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value

    /// Finishes what is under way and refuses what comes after.
    func close() async
}

/// What a unit of work can do.
public protocol Transaction {
    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Int

    /// All rows of a query.
    func rows(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> [Row]

    /// The first row of a query, nil if there is none.
    func row(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Row?
}

/// A value as both databases hold it.
public enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}
