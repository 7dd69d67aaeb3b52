/// One address or a network of them in CIDR form, such as `203.0.113.7`, `10.0.0.0/8` or `2001:db8::/32`.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let address: IPAddress
    /// Bits that count, from the front.
    private let length: Int

    /// Nil for a text that is none, or whose address has bits behind the network's length: a typo more often than not.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0]))?.unmapped else { return nil }
        var length = address.bytes.count * 8
        if parts.count == 2 {
            guard let given = Int(parts[1]), String(given) == parts[1], (0...length).contains(given) else { return nil }
            length = given
        }
        guard address.prefix(length) == address else { return nil }
        self.address = address
        self.length = length
    }

    /// Whether an address, without port, is one of these. An IPv4 address that is mapped into IPv6 is the IPv4 address.
    public func contains(_ address: String) -> Bool {
        IPAddress(address)?.unmapped.prefix(length) == self.address
    }

    /// The network of an address as limits name it: IPv4 /24, IPv6 /64.
    public init(networkOf address: IPAddress) {
        let address = address.unmapped
        length = address.bytes.count == 4 ? 24 : 64
        self.address = address.prefix(length)
    }

    /// Whether it has more of the public internet than anybody's own network: more than a /8 of IPv4, than a /16 of IPv6.
    public var isWiderThanAnyNetwork: Bool {
        guard address.bytes.count == 16 else { return length < 8 }
        // 2000::/3 is what is routed of IPv6.
        let shared = min(length, 3)
        return length < 16 && address.bytes[0] >> (8 - shared) == 0x20 >> (8 - shared)
    }

    /// In the form that it is read from.
    public var description: String {
        length == address.bytes.count * 8 ? "\(address)" : "\(address)/\(length)"
    }
}
