import Glibc

/// The database's files before SQLite opens them: present, and readable by their owner only.
enum DatabaseFile {
    static func prepare(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal("cannot open", path) }
        // Closing it is safe here only: once SQLite has the file open, closing any descriptor of it in this process
        // would drop SQLite's locks.
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw refusal("cannot make private", path) }
        // SQLite gives new files beside it the same mode; these are left over from before.
        for suffix in ["-wal", "-shm"] where chmod(path + suffix, 0o600) != 0 && errno != ENOENT {
            throw refusal("cannot make private", path + suffix)
        }
    }

    private static func refusal(_ what: String, _ path: String) -> StorageError {
        StorageError(.unavailable, reason: "\(what) \(path): \(describe(systemError: errno))")
    }
}
