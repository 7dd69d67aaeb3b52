import Crypto
import Encodings

/// A workspace under the UUIDs that the Turnkey dialect wants: its organization, and its auth proxy's configuration. Both
/// are public names and no secrets.
///
/// A workspace's identifier has 80 random bits, so a UUID (RFC 9562 §5.8, version 8) can hold it whole, with 42 bits of
/// a digest that tell the two purposes apart and most inventions from real ones: no table maps them to each other.
public enum WorkspaceUUID: String, Sendable, CaseIterable {
    case organization
    case authProxyConfiguration

    private static let prefix = "ws_"

    /// The UUID of a workspace, in lower case. Empty for an identifier of another form, which no workspace has.
    public func text(for workspace: String) -> String {
        let digits = Array(workspace.utf8.dropFirst(Self.prefix.utf8.count))
        guard workspace.hasPrefix(Self.prefix), digits.count == 20,
            Hexadecimal.decode(String(decoding: digits, as: UTF8.self)) != nil
        else { return "" }
        let check = checkDigits(digits)
        var all = digits[..<12] + [UInt8(ascii: "8")]
        all += digits[12..<15]
        all += check[..<4]
        all += digits[15...]
        all += check[4...]
        return RandomIdentifier.grouped(Array(all))
    }

    /// The workspace behind a UUID; nil if it is none of this purpose.
    public func workspace(_ text: String) -> String? {
        let text = text.lowercased()
        guard text.utf8.count == 36 else { return nil }
        let digits = text.filter { $0 != "-" }
        guard digits.utf8.count == 32 else { return nil }
        let name = digits.prefix(12) + digits.dropFirst(13).prefix(3) + digits.dropFirst(20).prefix(5)
        let workspace = Self.prefix + name
        return self.text(for: workspace) == text ? workspace : nil
    }

    /// Eleven digits; the first carries the UUID's variant in its upper bits.
    private func checkDigits(_ name: [UInt8]) -> [UInt8] {
        var bytes = Array(SHA256.hash(data: Array("\(rawValue) ".utf8) + name).prefix(6))
        bytes[0] = 0x80 | bytes[0] & 0x3F
        return Array(Hexadecimal.encode(bytes).utf8.prefix(11))
    }
}
