import CSQLite
import Glibc

/// The write-ahead log, for waiting until what was written into it has reached the disk.
///
/// A descriptor of its own beside SQLite's: SQLite's locks are on the database and on `-shm`, so closing this one lets go
/// of none. It stays the same file for as long as a connection is open: SQLite begins the log anew and shortens it in
/// place, and only the connection that closes last removes it.
final class LogFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the log of a connection that has read the database before, and waits for what it already holds: a process
    /// that was killed may have left commits that never reached the disk.
    init(of connection: SQLiteConnection) throws(StorageError) {
        // SQLite's name for it, which may lie elsewhere than the path where that is a symbolic link.
        guard let name = sqlite3_filename_wal(sqlite3_db_filename(connection.handle, "main")) else {
            throw StorageError(.unavailable, reason: "the database has no write-ahead log")
        }
        path = String(cString: name)
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw refusal("cannot open") }
        try synchronize()
        try FileSynchronization.synchronizeFolder(of: path)
    }

    deinit { close(descriptor) }

    /// Returns once all that was written into the log before the call is on the disk, and how long it is.
    func synchronize() throws(StorageError) {
        while fdatasync(descriptor) != 0 { guard errno == EINTR else { throw refusal("cannot write to the disk:") } }
    }

    private func refusal(_ what: String) -> StorageError {
        StorageError(.unavailable, reason: "\(what) \(path): \(describe(systemError: errno))")
    }
}
