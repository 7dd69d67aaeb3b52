import CSQLite

extension SQLiteConnection {
    /// A connection for the writer, with no more memory than stated here. Its commits are durable once the log has been
    /// synchronized (`Durability`).
    static func writer(path: String, settings: SQLiteSettings) throws(StorageError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, purpose: .writing)
        connection.setLockWait(settings.lockWait)
        try connection.harden()
        guard try connection.control("PRAGMA journal_mode = WAL").first?.text(0) == "wal" else {
            throw StorageError(.unavailable, reason: "the file system of \(path) cannot hold a write-ahead log")
        }
        try connection.run("PRAGMA synchronous = NORMAL")
        try connection.run("PRAGMA foreign_keys = ON")
        // What is deleted is overwritten: an erased contact must not be readable in a copy of the file.
        try connection.run("PRAGMA secure_delete = ON")
        try connection.run("PRAGMA cache_size = -40960")
        // The writer checkpoints by itself, after it has answered the waiting writes.
        try connection.run("PRAGMA wal_autocheckpoint = 0")
        try connection.run("PRAGMA journal_size_limit = 67108864")
        if let largest = settings.largestFile {
            try connection.run("PRAGMA max_page_count = \(max(1, largest / 4096))")
        }
        return connection
    }

    /// A connection that can only read.
    static func reader(path: String) throws(StorageError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, purpose: .reading)
        // In this mode readers wait for nobody, but for a moment when the log is started anew.
        connection.setLockWait(.seconds(1))
        try connection.harden()
        try connection.run("PRAGMA query_only = ON")
        try connection.run("PRAGMA cache_size = -2048")
        // Opens the log now: where descriptors run out later, a reader that is open still reads.
        try connection.run("SELECT count(*) FROM sqlite_schema")
        return connection
    }

    /// How long SQLite waits for a lock that another connection holds.
    func setLockWait(_ duration: Duration) {
        sqlite3_busy_timeout(handle, Int32(clamping: Int64(duration / .milliseconds(1))))
    }

    /// Closing leaves the log as it is, where it would copy it into the database file and remove it.
    func keepLogAtClose() { countersign_sqlite3_set_flag(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }

    private func harden() throws(StorageError) {
        for (flag, value) in [(SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)] as [(Int32, Int32)] {
            let result = countersign_sqlite3_set_flag(handle, flag, value)
            guard result == SQLITE_OK else { throw .sqlite(result, on: handle) }
        }
        try run("PRAGMA cell_size_check = ON")
        // Sorts and the undo journal of savepoints stay off the disk.
        try run("PRAGMA temp_store = MEMORY")
    }
}
