import CSQLite

/// What SQLite itself commits a second on the same disk: WAL, `synchronous=FULL`, two rows in each commit.
struct CommitRate {
    /// Commits a second with this many units of two rows in each transaction, times that number: units a second.
    static func unitsPerSecond(path: String, unitsPerCommit: Int, seconds: Double) throws(BenchmarkError) -> Double {
        var connection: OpaquePointer?
        guard sqlite3_open(path, &connection) == SQLITE_OK, let connection else {
            throw BenchmarkError("SQLite cannot open \(path)")
        }
        defer { sqlite3_close(connection) }
        try execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        try execute(connection, "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        let start = MonotonicClock.now
        var units = 0
        while MonotonicClock.seconds(since: start) < seconds {
            try execute(connection, "BEGIN IMMEDIATE")
            for _ in 0..<unitsPerCommit { try insertTwoRows(connection) }
            try execute(connection, "COMMIT")
            units += unitsPerCommit
        }
        return Double(units) / MonotonicClock.seconds(since: start)
    }

    private static func insertTwoRows(_ connection: OpaquePointer) throws(BenchmarkError) {
        let row = "INSERT INTO entry (text) VALUES ('a row about as long as the one of a challenge, 64 bytes')"
        try execute(connection, "\(row); \(row)")
    }

    private static func execute(_ connection: OpaquePointer, _ sql: String) throws(BenchmarkError) {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
            throw BenchmarkError("SQLite: \(String(cString: sqlite3_errmsg(connection)))")
        }
    }
}
