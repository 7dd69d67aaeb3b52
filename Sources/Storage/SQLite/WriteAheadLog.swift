import CSQLite

/// Keeps the write-ahead log short: copies its pages into the database file once there are enough of them.
///
/// SQLite would do it within the commit; here it happens after the waiting writes were answered.
final class WriteAheadLog {
    private let connection: SQLiteConnection
    private let limit: Int32
    private let lockWait: Duration
    /// The length at which the next attempt is due.
    private var due: Int32
    private let growth = UnsafeMutablePointer<Growth>.allocate(capacity: 1)

    private struct Growth {
        var pages: Int32 = 0
        var isNew = false
    }

    init(of connection: SQLiteConnection, settings: SQLiteSettings) {
        self.connection = connection
        lockWait = settings.lockWait
        limit = max(1, Int32(clamping: settings.checkpointPages))
        due = limit
        growth.initialize(to: Growth())
        sqlite3_wal_hook(
            connection.handle,
            { growth, _, _, pages in
                growth?.assumingMemoryBound(to: Growth.self).pointee = Growth(pages: pages, isNew: true)
                return SQLITE_OK
            }, growth)
    }

    // The connection, which may call the hook, was closed by the writer before.
    deinit { growth.deallocate() }

    /// Whether commits since the last call wrote into the log; one without changes does not.
    func takeGrowth() -> Bool {
        defer { growth.pointee.isNew = false }
        return growth.pointee.isNew
    }

    func checkpointIfLong() {
        let pages = growth.pointee.pages
        guard pages >= limit else { return due = limit }
        guard pages >= due else { return }
        // SQLite starts the log anew only when no reader uses it. Where readers never pause it would grow for ever, so
        // a long log waits for those that run now; they do not wait for it.
        if pages / 4 >= limit {
            checkpointWaiting(SQLITE_CHECKPOINT_RESTART)
        } else {
            checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        }
        // A log that stays long, because of a reader or a full disk, is tried again after as many pages as before.
        due = pages &+ limit
    }

    /// Copies all pages into the database file and cuts the log off, so that no older version of a page is left in it.
    /// False where a reader still uses it, or the disk refuses.
    func empty() -> Bool {
        guard checkpointWaiting(SQLITE_CHECKPOINT_TRUNCATE) == SQLITE_OK else { return false }
        growth.pointee.pages = 0
        due = limit
        return true
    }

    /// Waits for readers, but not long: all writes wait with it.
    @discardableResult
    private func checkpointWaiting(_ mode: Int32) -> Int32 {
        connection.setLockWait(.milliseconds(20))
        defer { connection.setLockWait(lockWait) }
        return checkpoint(mode)
    }

    /// A failure loses nothing: the pages stay in the log.
    @discardableResult
    private func checkpoint(_ mode: Int32) -> Int32 {
        sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    }
}
