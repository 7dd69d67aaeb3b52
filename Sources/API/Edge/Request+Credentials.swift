import HTTPServer

extension Request {
    /// The key after `Authorization: Bearer`, nil without that header.
    var presentedKey: String? { credentials.map { $0.scheme == "bearer" ? $0.text : "" } }

    /// The session token after `Authorization: DPoP` (RFC 9449 §7.1), nil without one.
    var presentedSession: String? { credentials.flatMap { $0.scheme == "dpop" ? $0.text : nil } }

    /// What `Authorization` says, its scheme in lower case (RFC 9110 §11.4). A header that comes twice says nothing:
    /// two readers might not agree which one counts.
    private var credentials: (scheme: String, text: String)? {
        let values = headers.values("Authorization")
        guard let value = values.first else { return nil }
        guard values.count == 1, let space = value.utf8.firstIndex(of: UInt8(ascii: " ")) else { return ("", "") }
        return (value[..<space].lowercased(), String(value[value.utf8.index(after: space)...]))
    }

    /// True with a header that browsers add to requests of pages and that servers do not send.
    ///
    /// `Sec-Fetch-Mode` is none: the `fetch` of Node.js (undici) sends it from servers. Browsers send it never without
    /// `Sec-Fetch-Site` and `Sec-Fetch-Dest` (W3C Fetch Metadata §3), and so it is with `Sec-Fetch-User`.
    var isFromBrowser: Bool { Self.browserHeaders.contains { headers.contains($0) } }

    private static let browserHeaders = ["Origin", "Sec-Fetch-Site", "Sec-Fetch-Dest"]
}

extension Peer {
    /// The peer's address without port; nil over the Unix socket.
    var ip: String? {
        guard case .address(let ip, _) = self else { return nil }
        return ip
    }

    /// The peer's network as limits name it; nil over the Unix socket.
    var network: String? {
        ip.flatMap(SocketNetwork.network)
    }
}
