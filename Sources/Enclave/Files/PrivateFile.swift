import EnclaveLink
import Glibc

/// A file that nobody but the enclave's user may read or write. Symbolic links are not followed.
struct PrivateFile: Sendable {
    enum Fault: Error, Equatable, Sendable {
        case missing
        /// It cannot be opened, or is no regular file.
        case unreadable
        /// Others may read or write it.
        case loosePermissions
        /// It belongs to another user than this process's.
        case foreignOwner
        case alreadyExists
        /// It did not reach the disk; nothing of it is left.
        case notWritten
    }

    let path: String

    /// Makes the file, once: an existing one is never touched. It and its name are on the disk when this returns.
    /// - Throws: `alreadyExists` or `notWritten`.
    func create(_ content: [UInt8]) throws(Fault) {
        let number = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw errno == EEXIST ? .alreadyExists : .notWritten }
        let descriptor = OwnedDescriptor(number)
        guard descriptor.write(content, at: 0), descriptor.synchronize(), syncFolder() else {
            unlink(path)
            throw .notWritten
        }
    }

    /// - Parameter access: `O_RDONLY` or `O_RDWR`.
    /// - Throws: `missing`, `unreadable`, `loosePermissions` or `foreignOwner`.
    func open(_ access: Int32) throws(Fault) -> OwnedDescriptor {
        // Not blocking: opening a pipe would otherwise wait for someone at its other end.
        let number = Glibc.open(path, access | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw errno == ENOENT ? .missing : .unreadable }
        let descriptor = OwnedDescriptor(number)
        var information = stat()
        guard fstat(number, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { throw .unreadable }
        guard information.st_mode & 0o077 == 0 else { throw .loosePermissions }
        guard information.st_uid == geteuid() else { throw .foreignOwner }
        return descriptor
    }

    /// Has the disk take the name too (fsync(2) of the folder).
    func syncFolder() -> Bool {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let number = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return false }
        defer { close(number) }
        return fsync(number) == 0
    }
}
