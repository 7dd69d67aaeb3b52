#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable {
    /// 4 bytes or 16, in the order in which they are written.
    public let bytes: [UInt8]

    /// Reads an address without brackets: `192.0.2.1`, `2001:db8::1`.
    public init?(_ text: String) {
        var address = in6_addr()
        let length = [(AF_INET, 4), (AF_INET6, 16)].first { inet_pton($0.0, text, &address) == 1 }?.1
        guard let length else { return nil }
        bytes = withUnsafeBytes(of: &address) { Array($0.prefix(length)) }
    }

    /// The address that a resolver gave; nil for one of another family.
    public init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
        case AF_INET6:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
        default: return nil
        }
    }

    /// The IPv4 address that is mapped into this one (RFC 4291 §2.5.5.2), so that one client has one address; any other
    /// stays as it is.
    public var unmapped: IPAddress { bytes.starts(with: Self.mapped) ? Self(Array(bytes.suffix(4))) : self }

    /// True for an address of this machine alone: 127.0.0.0/8, also mapped into IPv6, and ::1.
    public var isLoopback: Bool { unmapped.bytes.count == 4 ? unmapped.bytes[0] == 127 : self == Self.loopback }

    /// True if the address is one of the public internet: not of this machine, of a private network or the link, of a
    /// group, of documentation, nor one that carries such an address of the other family.
    ///
    /// Source: IANA's registries of special-purpose addresses, IPv4 and IPv6 (RFC 6890).
    public var isPublic: Bool {
        if bytes.count == 4 { return !Self.specialIPv4.contains { $0.contains(bytes) } }
        // What stands in an address of NAT64 (RFC 6052) is where it leads.
        if Self.translated.contains(bytes) { return Self(Array(bytes[12...])).isPublic }
        return Self.global.contains(bytes) && !Self.specialIPv6.contains { $0.contains(bytes) }
    }

    /// With the bits behind the first `length` cleared.
    func prefix(_ length: Int) -> IPAddress {
        Self(
            bytes.enumerated().map { position, byte in
                let kept = min(8, max(0, length - position * 8))
                return kept == 8 ? byte : byte & ~(0xFF >> kept)
            })
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let loopback = Self([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])

    private static let specialIPv4 = [
        Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16),
        Block([172, 16], 12), Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24),
        Block([192, 168], 16), Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
        Block([224], 4), Block([240], 4),
    ]
    /// 2000::/3, the one part of IPv6 that is routed on the internet.
    private static let global = Block([0x20], 3)
    /// Inside it: protocol assignments with Teredo, documentation (two), 6to4.
    private static let specialIPv6 = [
        Block([0x20, 0x01], 23), Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x3f, 0xff], 20), Block([0x20, 0x02], 16),
    ]
    /// 64:ff9b::/96
    private static let translated = Block([0, 0x64, 0xff, 0x9b], 96)
}

extension IPAddress: CustomStringConvertible {
    /// In the usual form (RFC 5952): `192.0.2.1`, `2001:db8::1`.
    public var description: String {
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &characters, socklen_t(characters.count)) != nil else { return "" }
        return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Addresses that begin with the same bits.
private struct Block: Sendable {
    let prefix: [UInt8]
    let length: Int

    /// - Parameters:
    ///   - prefix: the first bytes; those that follow are 0.
    ///   - length: how many bits count.
    init(_ prefix: [UInt8], _ length: Int) {
        self.prefix = prefix
        self.length = length
    }

    func contains(_ address: [UInt8]) -> Bool {
        (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            let expected = bit / 8 < prefix.count ? prefix[bit / 8] : 0
            return address[bit / 8] & mask == expected & mask
        }
    }
}
