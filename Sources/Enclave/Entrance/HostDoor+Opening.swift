import Activation
import EnclaveLink
import Glibc

extension HostDoor {
    /// The user that the host runs as.
    /// - Parameter text: a name of the machine's, or a number.
    static func user(_ text: String) throws(EnclaveProgramError) -> uid_t {
        if let number = uid_t(text) { return number }
        guard let entry = getpwnam(text) else {
            throw EnclaveProgramError("--host-user \(text): this machine knows no such user")
        }
        return entry.pointee.pw_uid
    }

    /// The one Unix socket that a service manager passed.
    static func activatedSocket() throws(EnclaveProgramError) -> OwnedDescriptor {
        let taken: ActivatedSockets
        do { taken = try ActivatedSockets.take() } catch { throw EnclaveProgramError("\(error)") }
        guard taken.sockets.count == 1, let socket = taken.sockets.first, socket.kind == .unixStream else {
            throw EnclaveProgramError(
                "--host-user needs one listening Unix socket from systemd (countersign-enclave.socket), or --listen PATH"
            )
        }
        return OwnedDescriptor(socket.number)
    }

    /// Makes the socket, which this process's user and group may connect to. One that is left of a process that is gone is
    /// replaced.
    static func listen(at path: String) throws(EnclaveProgramError) -> OwnedDescriptor {
        guard let address = UnixSocketAddress(path), path.hasPrefix("/") else {
            throw EnclaveProgramError("--listen \(path): must be an absolute path of at most 107 bytes")
        }
        try removeStale(path, address)
        let descriptor = try newSocket(path)
        // From its first moment on the file is open to no others.
        let mask = umask(0o117)
        defer { umask(mask) }
        guard address.withPointer({ bind(descriptor.number, $0, $1) }) == 0, Glibc.listen(descriptor.number, 16) == 0
        else { throw failure(path) }
        return descriptor
    }

    private static func removeStale(
        _ path: String, _ address: UnixSocketAddress
    ) throws(EnclaveProgramError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw EnclaveProgramError("--listen \(path): is no socket") }
        let probe = try newSocket(path)
        guard address.withPointer({ connect(probe.number, $0, $1) }) != 0, errno == ECONNREFUSED else {
            throw EnclaveProgramError("--listen \(path): another process listens there")
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    }

    private static func newSocket(_ path: String) throws(EnclaveProgramError) -> OwnedDescriptor {
        let number = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw failure(path) }
        return OwnedDescriptor(number)
    }

    private static func failure(_ path: String) -> EnclaveProgramError {
        EnclaveProgramError("--listen \(path): \(String(cString: strerror(errno)))")
    }
}
