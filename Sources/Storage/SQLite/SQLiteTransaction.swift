import CSQLite

/// A unit of work on one connection, valid while its closure runs.
///
/// As in PostgreSQL, a statement that fails ends the unit: what follows is refused with the same error, and the
/// unit cannot commit even if its closure swallows the error.
final class SQLiteTransaction: Transaction {
    /// The error of the first statement that failed.
    private(set) var failure: StorageError?
    private let connection: SQLiteConnection
    private var hasEnded = false

    init(on connection: SQLiteConnection) { self.connection = connection }

    func execute(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Int {
        try run(sql) { statement throws(StorageError) in try statement.execute(values) }
    }

    func rows(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> [Row] {
        try run(sql) { statement throws(StorageError) in try statement.rows(values, limit: .max) }
    }

    func forEachRow(
        _ sql: StaticString, _ values: [SQLValue], _ body: (any LentRow) throws(StorageError) -> Void
    ) throws(StorageError) {
        try run(sql) { statement throws(StorageError) in try statement.forEachRow(values, body) }
    }

    func row(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Row? {
        try run(sql) { statement throws(StorageError) in try statement.rows(values, limit: 1).first }
    }

    /// The closure has returned: a transaction that it kept can do nothing more.
    func end() { hasEnded = true }

    private func run<Value>(
        _ sql: StaticString, _ body: (SQLiteStatement) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        if hasEnded { throw .invalidStatement("its unit of work has ended") }
        // After a full disk SQLite may have ended the transaction by itself; what followed would commit alone.
        if let failure { throw failure }
        do throws(StorageError) {
            return try body(connection.prepared(sql))
        } catch {
            let error = error.naming(sql)
            failure = error
            throw error
        }
    }
}

extension SQLiteConnection {
    /// Runs a closure as a unit of work inside a transaction that is open. Returns what it returned, or the error
    /// for which its changes have to be undone.
    func runUnit<Value>(_ work: (any Transaction) throws -> Value) -> Result<Value, any Error> {
        let transaction = SQLiteTransaction(on: self)
        defer { transaction.end() }
        do {
            let value = try work(transaction)
            if let failure = transaction.failure { throw failure }
            try checkDeferredRules()
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    /// A foreign key declared DEFERRED would otherwise be checked at COMMIT, where it fails all units together.
    private func checkDeferredRules() throws(StorageError) {
        var pending: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &highest, 0)
        guard pending == 0 else { throw StorageError(.constraintViolated, reason: "a deferred FOREIGN KEY failed") }
    }
}

extension StorageError {
    static let lostTransaction = StorageError(.unavailable, reason: "SQLite ended the transaction after a failure")
}
