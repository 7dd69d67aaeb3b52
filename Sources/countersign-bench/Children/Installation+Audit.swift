import CSQLite

extension Installation {
    /// Makes the database drop each audit entry, so that what the log costs can be measured. The product has no such switch.
    func keepNoAuditEntries() throws(BenchmarkError) {
        var connection: OpaquePointer?
        guard sqlite3_open("\(data)/countersign.db", &connection) == SQLITE_OK, let connection else {
            throw BenchmarkError("SQLite cannot open the database in \(data)")
        }
        defer { sqlite3_close(connection) }
        let trigger = """
            CREATE TRIGGER without_audit_log BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(IGNORE); END
            """
        guard sqlite3_exec(connection, trigger, nil, nil, nil) == SQLITE_OK else {
            throw BenchmarkError("SQLite: \(String(cString: sqlite3_errmsg(connection)))")
        }
    }
}
