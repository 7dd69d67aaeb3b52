import Encodings

/// Networks of socket addresses.
enum SocketNetwork {
    /// A peer's address without its port; what has none stays as it is.
    static func host(of peer: String) -> String {
        guard let colon = peer.lastIndex(of: ":"), peer.contains(".") || peer.hasPrefix("[") else { return peer }
        return peer[..<colon].filter { $0 != "[" && $0 != "]" }
    }

    /// True for an address of this machine alone.
    static func isLoopback(_ text: String) -> Bool { IPAddress(text)?.isLoopback ?? false }

    /// The network of an address as limits name it: IPv4 /24, IPv6 /64. Nil for what is no address.
    static func network(of address: String) -> String? {
        IPAddress(address).map { AddressRange(networkOf: $0).description }
    }
}
