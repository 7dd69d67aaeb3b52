import Glibc

/// Puts a copy in a database's place.
public enum DatabaseRestore {
    /// Replaces the database at `path` by the copy at `source`, which stays. What was there before is kept beside it, under
    /// the name that is returned; nil where there was none.
    ///
    /// Throws `StorageError` with code `unavailable` where a process still uses the database or a file cannot be written,
    /// and `invalidDatabase` where the copy is damaged; then everything is as before.
    ///
    /// - Parameter time: seconds since 1970, for the name.
    public static func restore(_ source: String, to path: String, time: Int64) throws(StorageError) -> String? {
        let lock = try OwnershipLock(databasePath: path)
        defer { lock.release() }
        try DatabaseCopy.check(source)
        let fresh = path + ".restoring"
        unlink(fresh)
        try DatabaseCopy.make(of: source, at: fresh)
        let kept = try setAside(path, as: path + ".before-restore-\(time)")
        try rename(fresh, to: path)
        try FileSynchronization.synchronizeFolder(of: path)
        return kept
    }

    /// Gives the file a second name, so that there is a whole database at its place until the copy takes it.
    private static func setAside(_ path: String, as name: String) throws(StorageError) -> String? {
        let isThere = access(path, F_OK) == 0
        // The last connection that closes takes the write-ahead log into the file.
        if isThere { (try? SQLiteConnection.writer(path: path, settings: SQLiteSettings()))?.close() }
        // What it could not take in would be read into the copy.
        if access(path + "-wal", F_OK) == 0 { try rename(path + "-wal", to: name + "-wal") }
        unlink(path + "-shm")
        guard isThere else { return nil }
        guard link(path, name) == 0 else {
            throw StorageError(.unavailable, reason: "cannot keep \(path) as \(name): \(describe(systemError: errno))")
        }
        return name
    }

    private static func rename(_ path: String, to target: String) throws(StorageError) {
        guard Glibc.rename(path, target) == 0 else {
            throw StorageError(
                .unavailable, reason: "cannot move \(path) to \(target): \(describe(systemError: errno))")
        }
    }
}
