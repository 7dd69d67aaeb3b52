import Glibc

/// The database's files before SQLite opens them: present, readable by their owner only, and of one name.
enum DatabaseFile {
    static func prepare(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw errno == ELOOP ? isLink(path) : refusal("cannot open", path) }
        // Closing it is safe here only: once SQLite has the file open, closing any descriptor of it in this process
        // would drop SQLite's locks.
        defer { Glibc.close(descriptor) }
        try requireOneName(descriptor, path)
        guard fchmod(descriptor, 0o600) == 0 else { throw refusal("cannot make private", path) }
        // SQLite gives new files beside it the same mode; these are left over from before.
        for suffix in ["-wal", "-shm"] where chmod(path + suffix, 0o600) != 0 && errno != ENOENT {
            throw refusal("cannot make private", path + suffix)
        }
    }

    /// The lock and SQLite's log go by the name: under a second one another process would open the file without either.
    private static func requireOneName(_ descriptor: Int32, _ path: String) throws(StorageError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal("cannot read", path) }
        guard !(status.st_mode & S_IFMT == S_IFREG && status.st_nlink > 1) else {
            throw StorageError(
                .unavailable,
                reason: """
                    \(path) has another name (a hard link), under which a second process could write it: remove that one. \
                    It may be \(path).before-restore-… if a restore was interrupted
                    """)
        }
    }

    private static func isLink(_ path: String) -> StorageError {
        StorageError(
            .unavailable,
            reason: "\(path) is a symbolic link: move the file itself there, or link the folder that it is in")
    }

    private static func refusal(_ what: String, _ path: String) -> StorageError {
        StorageError(.unavailable, reason: "\(what) \(path): \(describe(systemError: errno))")
    }
}
