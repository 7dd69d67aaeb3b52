import Encodings

/// Where to report a weakness: what `/.well-known/security.txt` says (RFC 9116).
public struct SecurityContact: Sendable, Equatable {
    /// The most useful first: `mailto:`, `tel:` or `https` addresses; one at least.
    public var contacts: [String]
    /// From when on nothing of it is to be believed any more, in Unix milliseconds.
    public var expires: Int64
    /// Where keys to encrypt reports to are: `https`, `dns` or `openpgp4fpr` addresses.
    public var encryption: [String] = []
    /// `https` addresses, as those after.
    public var acknowledgments: [String] = []
    /// Tags of languages (RFC 5646), of equal rank.
    public var preferredLanguages: [String] = []
    public var canonical: [String] = []
    public var policy: [String] = []
    public var hiring: [String] = []

    public init(contacts: [String], expires: Int64) {
        self.contacts = contacts
        self.expires = expires
    }

    /// - Parameter now: Unix milliseconds.
    public func isExpired(now: Int64) -> Bool { now >= expires }

    /// The file, with a line for each field.
    var text: String {
        let fields: [(name: String, values: [String])] = [
            ("Contact", contacts), ("Expires", [WireTime.text(expires)]), ("Encryption", encryption),
            ("Acknowledgments", acknowledgments),
            ("Preferred-Languages", preferredLanguages.isEmpty ? [] : [preferredLanguages.joined(separator: ", ")]),
            ("Canonical", canonical), ("Policy", policy), ("Hiring", hiring),
        ]
        return fields.flatMap { field in field.values.map { "\(field.name): \($0)\n" } }.joined()
    }
}

extension SecurityContact {
    /// Whether a text may stand as a contact.
    public static func isContact(_ text: String) -> Bool {
        isAddress(text, schemes: ["mailto:", "tel:", "https://"])
    }

    /// Whether a text may say where a key is.
    public static func isKeyAddress(_ text: String) -> Bool {
        isAddress(text, schemes: ["https://", "dns:", "openpgp4fpr:"])
    }

    /// Whether a text is an address of the web: only `https` ones are allowed (RFC 9116 §2.5).
    public static func isWebAddress(_ text: String) -> Bool { isAddress(text, schemes: ["https://"]) }

    /// Whether a text looks like a tag of a language: `en`, `de-AT`.
    public static func isLanguage(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.allSatisfy { (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isLetterOrDigit) }
            && (2...8).contains(parts[0].utf8.count)
    }

    /// The time of an `expires`; nil for what is none.
    public static func time(_ text: String) -> Int64? { WireTime.milliseconds(text) }

    /// Printable ASCII without spaces: nothing that could begin another line.
    private static func isAddress(_ text: String, schemes: [String]) -> Bool {
        guard text.utf8.count <= 1024, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        return schemes.contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
    }
}
