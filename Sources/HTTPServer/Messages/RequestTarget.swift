import NIOHTTP1

/// The target of a request line (RFC 9112, section 3.2), cut into path and query.
struct RequestTarget: Sendable, Equatable {
    /// Percent-encoded, beginning with `/`; or `*`.
    let path: String
    /// Without `?`; empty where there is none.
    let query: String
    /// What an absolute form names; it counts instead of the Host field (RFC 9112, section 3.2.2).
    let authority: String?

    /// The path and query of `/path?query`.
    init(originForm: String) {
        self.init(pathAndQuery: originForm, authority: nil)
    }

    /// Reads the four forms. `nil` for what fits none of them, and for the authority form, which belongs
    /// to `CONNECT` alone and so to proxies.
    init?(_ target: String, method: HTTPMethod) {
        if target.utf8.first == UInt8(ascii: "/") {
            self.init(originForm: target)
        } else if target == "*" {
            guard method == .OPTIONS else { return nil }
            self.init(originForm: target)
        } else {
            self.init(absoluteForm: target)
        }
        // A fragment is never sent (RFC 9112, section 3.2).
        if target.utf8.contains(UInt8(ascii: "#")) { return nil }
    }

    private init?(absoluteForm target: String) {
        guard let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }) else {
            return nil
        }
        let rest = target.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = rest[end...]
        self.init(pathAndQuery: path.hasPrefix("/") ? String(path) : "/" + path, authority: String(rest[..<end]))
    }

    private init(pathAndQuery: String, authority: String?) {
        if let mark = pathAndQuery.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(pathAndQuery[..<mark])
            query = String(pathAndQuery[pathAndQuery.utf8.index(after: mark)...])
        } else {
            path = pathAndQuery
            query = ""
        }
        self.authority = authority
    }
}
