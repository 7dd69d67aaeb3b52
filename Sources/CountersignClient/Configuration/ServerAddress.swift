import Foundation

/// Where the server is: HTTPS, or plain HTTP to this machine's loopback, since codes and keys go there.
struct ServerAddress: Sendable, Hashable {
    /// Without a slash at the end.
    let text: String

    /// - Throws: `invalidAddress`, `insecureAddress`.
    init(_ text: String) throws(CountersignError) {
        guard let parts = URLComponents(string: text), parts.user == nil, parts.password == nil, parts.query == nil,
            parts.fragment == nil
        else { throw .invalidAddress() }
        try Self.check(parts)
        var bare = text[...]
        while bare.hasSuffix("/") { bare = bare.dropLast() }
        self.text = String(bare)
    }

    /// The address of a path that starts with a slash.
    /// - Throws: `invalidAddress` for a path with characters that no URL has.
    func url(_ path: String) throws(CountersignError) -> URL {
        guard let url = URL(string: text + path) else { throw .invalidAddress() }
        return url
    }

    /// - Throws: `invalidAddress`, `insecureAddress`.
    static func check(_ url: URL) throws(CountersignError) {
        guard let parts = URLComponents(url: url, resolvingAgainstBaseURL: true) else { throw .invalidAddress() }
        try check(parts)
    }

    private static func check(_ parts: URLComponents) throws(CountersignError) {
        guard let host = parts.host, !host.isEmpty else { throw .invalidAddress() }
        switch parts.scheme?.lowercased() {
        case "https": return
        case "http": guard isLoopback(host) else { throw .insecureAddress() }
        default: throw .invalidAddress()
        }
    }

    /// `localhost`, `::1`, and four decimal numbers of which the first is 127: nothing that only looks like them.
    private static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { isOctet($0) }
    }

    private static func isOctet(_ text: Substring) -> Bool {
        guard let number = UInt8(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return String(number) == text
    }
}
