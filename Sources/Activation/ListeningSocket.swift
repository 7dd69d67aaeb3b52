import Glibc

extension ActivatedSockets.Socket {
    /// What accepts connections on a socket.
    public enum Kind: Equatable, Sendable {
        /// A stream socket of this machine.
        case unixStream
        case tcp
    }

    /// Nil where the socket accepts no connections of a kind that we serve.
    public var kind: Kind? {
        guard option(SO_ACCEPTCONN) == 1, option(SO_TYPE) == Int32(SOCK_STREAM.rawValue) else { return nil }
        return switch option(SO_DOMAIN) {
        case AF_UNIX: .unixStream
        case AF_INET, AF_INET6: .tcp
        default: nil
        }
    }

    private func option(_ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(number, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }
}
