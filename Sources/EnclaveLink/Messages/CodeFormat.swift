/// Which characters a code is made of.
public enum CodeAlphabet: String, CaseIterable, Hashable, Sendable, Codable {
    case digits
    /// Crockford's Base32: no `I L O U`; compared without regard to case, `I L` read as `1` and `O` as `0`.
    case base32
}

/// The shape of a code: 6 to 9 characters.
public struct CodeFormat: Hashable, Sendable {
    public static let lengths = 6...9

    public let alphabet: CodeAlphabet
    public let length: Int

    public init(alphabet: CodeAlphabet, length: Int) {
        self.alphabet = alphabet
        self.length = length
    }
}
