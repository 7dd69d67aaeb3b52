import Encodings

/// An e-mail address in lower case: a dot-atom and a domain (RFC 5321 §4.1.2, without quoted strings and literals,
/// which no person types).
public struct EmailAddress: Equatable, Sendable {
    public let text: String
    public let domain: String

    public init?(_ text: String) {
        // Before anything is folded: some letters beyond ASCII, such as the Kelvin sign, have ASCII ones as lower case.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let lowercase = text.lowercased()
        let parts = lowercase.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, lowercase.utf8.count <= 254,
            Self.isLocalPart(parts[0]), DomainName.isValid(parts[1])
        else { return nil }
        self.text = lowercase
        self.domain = String(parts[1])
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        guard (1...64).contains(part.utf8.count) else { return false }
        return part.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.utf8.allSatisfy(isAtomCharacter)
        }
    }

    /// RFC 5322 §3.2.3 `atext`, in lower case.
    private static func isAtomCharacter(_ byte: UInt8) -> Bool {
        byte.isLowercaseLetter || byte.isDigit || byte.isOne(of: "!#$%&'*+-/=?^_`{|}~")
    }
}
