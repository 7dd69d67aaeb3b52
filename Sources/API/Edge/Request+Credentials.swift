import HTTPServer

extension Request {
    /// The key after `Authorization: Bearer` (the scheme in any case), nil without one. A header that comes twice is
    /// no key: two readers might not agree which one counts.
    var presentedKey: String? {
        let values = headers.values("Authorization")
        guard let value = values.first else { return nil }
        guard values.count == 1 else { return "" }
        let scheme = value.utf8.prefix(Self.scheme.utf8.count)
        guard scheme.elementsEqual(Self.scheme.utf8, by: { $0 == $1 || $0 | 0x20 == $1 && $0 >= 0x41 }) else {
            return ""
        }
        return String(value[scheme.endIndex...])
    }

    /// True with a header that browsers add to requests of pages and that servers do not send.
    var isFromBrowser: Bool {
        if headers.contains("Origin") { return true }
        for (name, _) in headers where name.utf8.count > Self.fetchMetadata.count {
            // Fetch metadata grows: every field of that name's form counts (W3C Fetch Metadata §2).
            if zip(name.utf8, Self.fetchMetadata).allSatisfy({ $0 | 0x20 == $1 }) { return true }
        }
        return false
    }

    private static let scheme = "bearer "
    private static let fetchMetadata = Array("sec-fetch-".utf8)
}

extension Peer {
    /// The peer's network as limits name it; nil over the Unix socket.
    var network: String? {
        guard case .address(let ip, _) = self else { return nil }
        if ip.utf8.contains(UInt8(ascii: ":")) {
            return SocketNetwork.ipv6Prefix(ip)
        }
        return ip.split(separator: ".").prefix(3).joined(separator: ".") + ".0/24"
    }
}
