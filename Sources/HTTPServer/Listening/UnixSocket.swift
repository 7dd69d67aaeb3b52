import Glibc

/// Makes the socket of a Unix listener.
enum UnixSocket {
    /// Binds a socket that only its owner may connect to, and returns its descriptor.
    ///
    /// A socket file that is left from a process that is gone is replaced.
    static func bind(path: String) throws(ListenerError) -> Int32 {
        try removeStale(path: path)
        let descriptor = try open(path: path)
        // Linux gives the file the mode of the socket, so there is no moment at which others may connect.
        guard fchmod(descriptor, 0o600) == 0 else { throw failure("fchmod", path, closing: descriptor) }
        let result = try withAddress(path) { Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { throw failure("bind", path, closing: descriptor) }
        return descriptor
    }

    /// Removes a socket file unless something answers on it.
    private static func removeStale(path: String) throws(ListenerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let descriptor = try open(path: path)
        defer { close(descriptor) }
        let result = try withAddress(path) { connect(descriptor, $0, $1) }
        guard result != 0, errno == ECONNREFUSED else { throw .inUse(path: path) }
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink", path) }
    }

    private static func open(path: String) throws(ListenerError) -> Int32 {
        // Without blocking: a listener with a full backlog would hold the connection attempt.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw failure("socket", path) }
        return descriptor
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(ListenerError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .pathTooLong(path: path) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func failure(_ call: String, _ path: String, closing descriptor: Int32? = nil) -> ListenerError {
        let error = errno
        if let descriptor { close(descriptor) }
        return .system(call: call, path: path, error: error)
    }
}
