import Encodings

/// The origin of a web page, exactly as a browser writes it (RFC 6454 §6.2): scheme, host and, unless it is the
/// scheme's own, port; in lower case, without a path. Another spelling would never match.
enum WebOrigin {
    /// True for `https` origins, and for `http` ones of this machine's own names.
    static func isValid(_ text: String) -> Bool {
        for (scheme, usualPort) in [("https://", "443"), ("http://", "80")] where text.hasPrefix(scheme) {
            let authority = text.dropFirst(scheme.count)
            guard let (host, port) = split(authority), port != usualPort else { return false }
            return isLoopback(host) || (scheme == "https://" && (DomainName.isValid(host) || isAddress(host)))
        }
        return false
    }

    /// Host and port; nil for a port that is none, or not in its shortest form.
    private static func split(_ authority: Substring) -> (host: Substring, port: String?)? {
        // The colons inside an IPv6 address are none of the port's.
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[end...].lastIndex(of: ":") else { return (authority, nil) }
        let text = String(authority[authority.index(after: colon)...])
        guard let port = UInt16(text), port > 0, String(port) == text else { return nil }
        return (authority[..<colon], text)
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains(host)
            || (host.hasSuffix(".localhost") && DomainName.isValid(host))
    }

    /// IPv4 alone: of IPv6 few browsers' pages have a certificate.
    private static func isAddress(_ host: Substring) -> Bool { IPAddress(String(host))?.bytes.count == 4 }
}
