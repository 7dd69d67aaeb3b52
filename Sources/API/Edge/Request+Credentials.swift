import HTTPServer

extension Request {
    /// The key after `Authorization: Bearer` (the scheme in any case), nil without one. A header that comes twice is
    /// no key: two readers might not agree which one counts.
    var presentedKey: String? {
        let values = headers.values("Authorization")
        guard let value = values.first else { return nil }
        guard values.count == 1 else { return "" }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
        return String(parts[1])
    }

    /// True with a header that browsers add to requests of pages and that servers do not send.
    var isFromBrowser: Bool {
        headers.contains("Origin")
            || ["Site", "Mode", "Dest", "User", "Storage-Access"].contains { headers.contains("Sec-Fetch-\($0)") }
    }
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
