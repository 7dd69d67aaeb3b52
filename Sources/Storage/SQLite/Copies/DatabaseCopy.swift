import CSQLite
import Glibc

/// Copies of a database file, for backups. They need not own the file: another process may be writing it.
public enum DatabaseCopy {
    /// Writes the database at `path`, as it is after some commit that is whole, into the file `target` (mode 0600). Durable
    /// when it returns. Writers go on meanwhile; the write-ahead log grows until it is done.
    ///
    /// Throws `StorageError` with code `unavailable` where a file cannot be opened, exists already or does not fit on the
    /// disk, and `invalidDatabase` where `path` is no database.
    public static func make(of path: String, at target: String) throws(StorageError) {
        try make(target)
        do {
            let connection = try SQLiteConnection(path: path, purpose: .reading)
            connection.setLockWait(.seconds(10))
            // VACUUM takes no parameters through our statements, so the name is quoted as SQL has it.
            try connection.run(
                "VACUUM INTO '\(target.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
            )
            try FileSynchronization.synchronize(target)
            try FileSynchronization.synchronizeFolder(of: target)
        } catch {
            unlink(target)
            throw error
        }
    }

    /// Throws `StorageError` with code `invalidDatabase` where the file at `path` is no whole database.
    public static func check(_ path: String) throws(StorageError) {
        let connection = try SQLiteConnection(path: path, purpose: .reading)
        let found = try connection.control("PRAGMA integrity_check(1)").first?.text(0)
        guard found == "ok" else {
            throw StorageError(.invalidDatabase, reason: "\(path) is damaged: \(found ?? "it cannot be read")")
        }
    }

    /// Makes the copy's file, which nobody else may read; SQLite fills one that is empty.
    private static func make(_ target: String) throws(StorageError) {
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(.unavailable, reason: "cannot make \(target): \(describe(systemError: errno))")
        }
        close(descriptor)
    }
}
