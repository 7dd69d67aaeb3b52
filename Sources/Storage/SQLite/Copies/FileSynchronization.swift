import Glibc

/// Waits until files have reached the disk.
enum FileSynchronization {
    static func synchronize(_ path: String) throws(StorageError) {
        try synchronize(path, flags: O_RDONLY | O_CLOEXEC)
    }

    /// The folder's own entries, so that a file that was renamed is found after a power cut.
    static func synchronizeFolder(of path: String) throws(StorageError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try synchronize(folder, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    private static func synchronize(_ path: String, flags: Int32) throws(StorageError) {
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw refusal(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw refusal(path) }
    }

    private static func refusal(_ path: String) -> StorageError {
        StorageError(.unavailable, reason: "cannot write \(path) to the disk: \(describe(systemError: errno))")
    }
}
