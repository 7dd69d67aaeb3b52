import Glibc

/// Networks of socket addresses.
enum SocketNetwork {
    /// A peer's address without its port; what has none stays as it is.
    static func host(of peer: String) -> String {
        guard let colon = peer.lastIndex(of: ":"), peer.contains(".") || peer.hasPrefix("[") else { return peer }
        return peer[..<colon].filter { $0 != "[" && $0 != "]" }
    }

    /// True for an address of this machine alone: 127.0.0.0/8, also mapped into IPv6, and ::1.
    static func isLoopback(_ text: String) -> Bool {
        let address = text.hasPrefix("::ffff:") ? text.dropFirst(7) : text[...]
        return address == "::1" || address.hasPrefix("127.")
    }

    /// The network of an address as limits name it: IPv4 /24, IPv6 /64. Nil for what is no address.
    static func network(of address: String) -> String? {
        var ipv4 = in_addr()
        guard inet_pton(AF_INET, address, &ipv4) == 1 else { return ipv6Prefix(address) }
        return address.split(separator: ".").prefix(3).joined(separator: ".") + ".0/24"
    }

    /// The /64 of an IPv6 address in canonical form; of an IPv4 address mapped into IPv6, its IPv4 /24.
    private static func ipv6Prefix(_ text: String) -> String? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        var bytes = withUnsafeBytes(of: &address) { Array($0) }
        let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.starts(with: mappedPrefix) { return "\(bytes[12]).\(bytes[13]).\(bytes[14]).0/24" }
        for position in 8..<16 { bytes[position] = 0 }
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &characters, socklen_t(characters.count)) != nil else { return nil }
        let end = characters.firstIndex(of: 0) ?? characters.endIndex
        return String(decoding: characters[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/64"
    }
}
