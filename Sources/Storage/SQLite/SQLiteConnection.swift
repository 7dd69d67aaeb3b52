import CSQLite

/// One connection, used by one thread at a time, with the statements that it has prepared.
final class SQLiteConnection {
    enum Purpose { case writing, reading }

    let handle: OpaquePointer
    private let purpose: Purpose
    private var isOpen = true
    private var statements: [StatementKey: SQLiteStatement] = [:]

    /// Nobody reads the counts, and each allocation would take the lock around them.
    private static let countsNoMemory: Void = { _ = countersign_sqlite3_count_no_memory() }()

    init(path: String, purpose: Purpose) throws(StorageError) {
        Self.countsNoMemory
        let access = purpose == .writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
        var handle: OpaquePointer?
        // No lock per connection: one thread at a time uses it, which the writer and the pool of readers see to.
        let result = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK, let handle else {
            let error = StorageError.sqlite(result, on: handle)
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        self.purpose = purpose
    }

    deinit { close() }

    /// Ends the connection; nothing may use it afterwards.
    func close() {
        guard isOpen else { return }
        isOpen = false
        statements.removeAll()
        // Not sqlite3_close, which would refuse, and leak, where a statement still lives.
        sqlite3_close_v2(handle)
    }

    /// Whether BEGIN has been run and neither we nor SQLite, after a failure, have ended the transaction.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs a statement of ours without values, or several.
    func run(_ sql: String) throws(StorageError) {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw .sqlite(result, on: handle, preparing: true) }
    }

    /// Runs a statement that only this module may run, such as BEGIN, and returns its rows.
    @discardableResult
    func control(_ sql: StaticString) throws(StorageError) -> [Row] {
        try prepared(sql, checked: false).rows([], limit: .max)
    }

    /// The prepared statement for `sql`, made once per connection.
    func prepared(_ sql: StaticString) throws(StorageError) -> SQLiteStatement { try prepared(sql, checked: true) }

    /// How many statements this connection keeps.
    var preparedCount: Int { statements.count }

    private func prepared(_ sql: StaticString, checked: Bool) throws(StorageError) -> SQLiteStatement {
        // A literal of one character has no address; no statement is that short.
        guard sql.hasPointerRepresentation else { throw .invalidStatement("it is one character") }
        let text = UnsafeBufferPointer(start: sql.utf8Start, count: sql.utf8CodeUnitCount)
        let key = StatementKey(address: UInt(bitPattern: sql.utf8Start), length: text.count)
        if let statement = statements[key] { return statement }
        if checked { try StatementRule.check(text) }
        let statement = try SQLiteStatement(text, on: handle)
        if purpose == .reading, !statement.isReadOnly { throw .invalidStatement("it changes rows in a read") }
        statements[key] = statement
        return statement
    }

    /// Where a literal stands in the program: it never moves and never changes.
    private struct StatementKey: Hashable {
        let address: UInt
        let length: Int
    }
}
