/// Who sits at the other end of a connection.
public enum Peer: Sendable, Hashable {
    /// The other end of a TCP connection, or who a trusted proxy says that it speaks for; port 0 where it does not say.
    case address(ip: String, port: Int)
    /// A process on this machine, by the user it runs as (`SO_PEERCRED`).
    case local(user: UInt32)
}

extension Peer: CustomStringConvertible {
    /// `192.0.2.1:4711`, `[2001:db8::1]:4711` or `user 1000`.
    public var description: String {
        switch self {
        case .address(let ip, let port):
            return ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]:\(port)" : "\(ip):\(port)"
        case .local(let user):
            return "user \(user)"
        }
    }
}
