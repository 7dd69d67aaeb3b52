import Glibc

/// The right of one process to write a database, as an advisory lock on a file beside it.
///
/// The kernel lets go of it when the process ends, however it ends. The file stays: removing it would let two
/// processes lock two files of the same name.
final class OwnershipLock: Sendable {
    private let descriptor: Int32

    init(databasePath: String) throws(StorageError) {
        let path = databasePath + ".lock"
        // Not inherited by a child process: it would keep the lock beyond our end.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(.unavailable, reason: "cannot open \(path): \(describe(systemError: errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            let owner = Self.owner(in: descriptor)
            Glibc.close(descriptor)
            throw Self.refusal(databasePath, cause: cause, owner: owner)
        }
        self.descriptor = descriptor
        recordOwner()
    }

    deinit { Glibc.close(descriptor) }

    /// Lets go of the lock now rather than when the last reference goes.
    func release() { flock(descriptor, LOCK_UN) }

    private static func refusal(_ path: String, cause: Int32, owner: String) -> StorageError {
        guard cause == EWOULDBLOCK else {
            return StorageError(.unavailable, reason: "cannot lock \(path): \(describe(systemError: cause))")
        }
        let holder = owner.isEmpty ? "another process" : "process \(owner)"
        return StorageError(
            .unavailable, reason: "\(path) is in use by \(holder): stop it first, or choose another data folder")
    }

    /// The process id, for the message that a second opener gets.
    private func recordOwner() {
        var text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, &text, text.count, 0)
    }

    private static func owner(in descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let digits = buffer.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return String(decoding: digits, as: UTF8.self)
    }
}
