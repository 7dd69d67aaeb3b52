#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One address or a network of them in CIDR form, such as `203.0.113.7`, `10.0.0.0/8` or `2001:db8::/32`.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    /// Bits that count, from the front.
    private let length: Int

    /// Nil for a text that is none, or whose address has bits behind the network's length: a typo more often than not.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            guard let given = Int(parts[1]), String(given) == parts[1], (0...length).contains(given) else { return nil }
            length = given
        }
        guard Self.clear(bytes, after: length) == bytes else { return nil }
        self.bytes = bytes
        self.length = length
    }

    /// Whether an address, without port, is one of these. An IPv4 address that is mapped into IPv6 is the IPv4 address.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        return Self.clear(other, after: length) == bytes
    }

    /// In the form that it is read from.
    public var description: String {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &characters, socklen_t(characters.count)) != nil else { return "" }
        let text = String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return length == bytes.count * 8 ? text : "\(text)/\(length)"
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var ipv4 = in_addr()
        if inet_pton(AF_INET, text, &ipv4) == 1 { return withUnsafeBytes(of: &ipv4) { Array($0) } }
        var ipv6 = in6_addr()
        guard inet_pton(AF_INET6, text, &ipv6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &ipv6) { Array($0) }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    private static func clear(_ bytes: [UInt8], after length: Int) -> [UInt8] {
        bytes.enumerated().map { position, byte in
            let kept = min(8, max(0, length - position * 8))
            return kept == 8 ? byte : byte & ~(0xFF >> kept)
        }
    }
}
