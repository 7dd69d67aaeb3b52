import Glibc

/// That a backup was put in the database's place: a file, until the next start has drawn the consequences.
extension DataDirectory {
    private var restoreMark: String { path + "/restored" }

    var wasRestored: Bool { access(restoreMark, F_OK) == 0 }

    /// Makes the mark while `restore` runs; it stays unless that throws. It is made first: whoever is killed in between
    /// has a mark too many rather than none.
    func markingRestore<Value>(_ restore: () throws -> Value) throws -> Value {
        let wasMarked = wasRestored
        let descriptor = open(restoreMark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw CommandError("cannot write \(restoreMark): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        do {
            return try restore()
        } catch {
            if !wasMarked { forgetRestore() }
            throw error
        }
    }

    func forgetRestore() { unlink(restoreMark) }
}
