import Encodings
import NIOCore

extension Peer {
    /// The peer at a socket's other end. An IPv4 address that a listener for both families shows as IPv6
    /// (RFC 4291, section 2.5.5.2) is given as IPv4, so that one client has one address.
    init(_ address: SocketAddress) {
        let ip = address.ipAddress ?? ""
        self = .address(ip: IPAddress(ip)?.unmapped.description ?? ip, port: address.port ?? 0)
    }
}
