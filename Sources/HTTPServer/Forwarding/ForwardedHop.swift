import Encodings

/// What one proxy says of who came to it.
struct ForwardedHop: Equatable {
    /// Nil for a name in place of an address (`unknown`, `_hidden`) and for what is neither.
    var address: ForwardedAddress?
    /// Whether they came by HTTPS.
    var isEncrypted: Bool

    /// The list in `X-Forwarded-For`, the client first. `X-Forwarded-Proto` is one word about the client's own
    /// connection to the first proxy, so it counts for all.
    static func xForwarded(_ headers: HeaderFields) -> [ForwardedHop] {
        let schemes = headers.values("X-Forwarded-Proto")
        let isEncrypted = schemes.count == 1 && schemes[0].lowercased() == "https"
        return elements(headers.values("X-Forwarded-For")).map { element in
            ForwardedHop(address: ForwardedAddress(element), isEncrypted: isEncrypted)
        }
    }

    /// The list in `Forwarded` (RFC 7239 §4), the client first.
    static func forwarded(_ headers: HeaderFields) -> [ForwardedHop] {
        elements(headers.values("Forwarded")).map { element in
            var hop = ForwardedHop(address: nil, isEncrypted: false)
            for pair in element.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = parts[1].trimmed.unquoted
                switch parts[0].trimmed.lowercased() {
                case "for": hop.address = ForwardedAddress(value)
                case "proto": hop.isEncrypted = value.lowercased() == "https"
                default: break
                }
            }
            return hop
        }
    }

    /// The elements of fields that are lists (RFC 9110 §5.6.1). None of ours has a comma inside quotes.
    private static func elements(_ values: [String]) -> [Substring] {
        values.flatMap { $0.split(separator: ",") }.map(\.trimmed).filter { !$0.isEmpty }
    }
}

/// An address as forwarding fields write it: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
struct ForwardedAddress: Equatable {
    let ip: String
    let port: Int

    init?(_ text: Substring) {
        var ip = text
        var port = 0
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            ip = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = Int(rest.dropFirst()) ?? 0
        } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
            ip = text[..<colon]
            port = Int(text[text.index(after: colon)...]) ?? 0
        }
        // Its canonical form: one client has one address, however it is spelled.
        guard !ip.contains("/"), let address = AddressRange(String(ip)) else { return nil }
        self.ip = address.description
        self.port = (0...65_535).contains(port) ? port : 0
    }

    var peer: Peer { .address(ip: ip, port: port) }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start.dropLast(start.reversed().prefix { $0 == " " || $0 == "\t" }.count)
    }

    fileprivate var unquoted: Substring {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? dropFirst().dropLast() : self
    }
}
