/// Where a server listens.
public enum ListenerAddress: Sendable, Hashable {
    /// A TCP port. The host is a name or an address; port 0 lets the system choose.
    case tcp(host: String, port: Int)
    /// A TCP socket that another process has bound already, such as a service manager. The server takes it over.
    case passed(descriptor: Int32)
    /// A Unix socket, open to root and the server's own user only.
    case unixSocket(path: String)
}

extension ListenerAddress: CustomStringConvertible {
    /// `127.0.0.1:3000`, `[::1]:3000`, `descriptor 3` or the socket's path.
    public var description: String {
        switch self {
        case .tcp(let host, let port): "\(Peer.address(ip: host, port: port))"
        case .passed(let descriptor): "descriptor \(descriptor)"
        case .unixSocket(let path): path
        }
    }
}
