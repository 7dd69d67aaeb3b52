import Encodings

/// An address `https://HOST[:PORT][/PATH]`, taken apart. Its text holds no character that could end it early in a
/// header, an attribute or a command.
public struct HTTPSAddress: Equatable, Sendable {
    /// Bytes of the text, at most.
    public static let longest = 2048

    public let text: String
    public let destination: Destination
    /// From the first slash on, with the query; `/` where the text has none.
    public let path: String

    /// Nil for anything else: other schemes, names of users, fragments, characters outside printable ASCII.
    public init?(_ text: String) {
        let scheme = "https://"
        guard text.utf8.count <= Self.longest, text.hasPrefix(scheme), text.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let destination = Self.destination(rest[..<end]) else { return nil }
        self.text = text
        self.destination = destination
        path = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/\(rest[end...])"
    }

    /// RFC 3986 §2: all but these, the space and what is not ASCII may stand in an address; `#` would begin a fragment.
    public static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !forbidden.contains(byte)
    }

    private static let forbidden = Set("\"<>\\^`{|}#".utf8)

    private static func destination(_ authority: Substring) -> Destination? {
        var host = authority
        var port: UInt16 = 443
        let digits = authority.reversed().prefix { $0.isASCII && $0.isNumber }.count
        if authority.dropLast(digits).last == ":" {
            guard (1...5).contains(digits), let number = UInt16(authority.suffix(digits)), number > 0 else {
                return nil
            }
            port = number
            host = authority.dropLast(digits + 1)
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            return HostName.isAddress(address) && address.contains(":") ? Destination(host: address, port: port) : nil
        }
        return HostName.isValid(String(host)) ? Destination(host: String(host), port: port) : nil
    }
}
