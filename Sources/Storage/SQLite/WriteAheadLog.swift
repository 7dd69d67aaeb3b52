import CSQLite

/// Keeps the write-ahead log short: copies its pages into the database file once there are enough of them.
///
/// SQLite would do it within the commit; here it happens after the waiting writes were answered.
final class WriteAheadLog {
    private let connection: SQLiteConnection
    private let limit: Int32
    private let length = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init(of connection: SQLiteConnection, pages limit: Int) {
        self.connection = connection
        self.limit = Int32(clamping: limit)
        length.initialize(to: 0)
        sqlite3_wal_hook(
            connection.handle,
            { length, _, _, pages in
                length?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, length)
    }

    // The connection, which may call the hook, was closed by the writer before.
    deinit { length.deallocate() }

    func checkpointIfLong() {
        guard length.pointee >= limit else { return }
        // SQLite starts the log anew only when no reader uses it. Where readers never pause it would grow for ever,
        // so from four times the length on this waits for those that run; they do not wait for it.
        let mode = length.pointee >= 4 &* limit ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
        // A failure loses nothing: the pages stay in the log, and the next commit tries again.
        sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
        length.pointee = 0
    }
}
