/// Where state lives. Every change is one unit of work: it commits as a whole, durably, or not at all.
///
/// SQLite is the embedded default; PostgreSQL fits behind the same protocol. SQL is written once, in the subset
/// that both understand: `$1` parameters, `INSERT … ON CONFLICT`, `RETURNING`, `BIGINT`, `TEXT`, `BYTEA`.
public protocol Database: Sendable {
    /// Runs `work` and returns after its changes reached the disk. An error that `work` throws undoes its changes,
    /// and only its, and is rethrown as it is, unless the store itself fails: then it is `StorageError` with code
    /// `unavailable`. `work` may run more than once on a database that retries, so it must not have other effects.
    /// Cancelling the task does not stop a unit that was handed over.
    func write<Value: Sendable>(_ work: @escaping @Sendable (any Transaction) throws -> Value) async throws -> Value

    /// Runs `work` on a consistent snapshot that sees every acknowledged write. Writing in it is an error.
    func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value

    /// Returns once nothing that was deleted or overwritten before the call can be read in the store's files any more.
    ///
    /// Throws `StorageError` with code `unavailable` where somebody has been reading an older state for several seconds:
    /// what they see stays until then.
    func forgetDeleted() async throws

    /// True if every change goes through this object, so that what it was told may be remembered.
    var hasOneOwner: Bool { get }

    /// Finishes what is under way and refuses what comes after.
    func close() async
}

/// What a unit of work can do, while its closure runs.
///
/// A statement that fails ends the unit, as in PostgreSQL: those after it are refused with the same error, and the
/// unit does not commit even if its closure swallows the error. Where a broken uniqueness rule is an expected outcome,
/// say so in SQL (`ON CONFLICT DO NOTHING`) and let the row count decide.
///
/// Statements start with SELECT, INSERT, UPDATE, DELETE, WITH or EXPLAIN and use each of `$1 … $n`.
public protocol Transaction {
    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Int

    /// All rows of a query.
    func rows(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> [Row]

    /// Lends each row of a query in turn, for queries that go through much. `body` runs no statement of its own.
    func forEachRow(
        _ sql: StaticString, _ values: [SQLValue], _ body: (any LentRow) throws(StorageError) -> Void
    ) throws(StorageError)

    /// The first row of a query, nil if there is none.
    func row(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Row?
}

/// A value as both databases hold it.
public enum SQLValue: Equatable, Sendable {
    /// SQL's NULL.
    case null
    /// BIGINT.
    case integer(Int64)
    /// TEXT. SQLite also keeps the character U+0000 in it, which PostgreSQL refuses: do not store it.
    case text(String)
    /// BYTEA; without bytes it is empty, not NULL.
    case bytes([UInt8])
}
