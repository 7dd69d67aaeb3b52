import Encodings

/// A BCP 47 language tag such as `de`, `pt-BR` or `zh-Hant-TW`, in lower case.
public struct LanguageTag: Hashable, Sendable {
    /// Characters of a tag, at most.
    public static let longest = 35

    public let text: String

    /// Nil for what is no tag: subtags of 1 to 8 letters and digits, the first of 2 to 8 letters. `_` counts as `-`, as
    /// programs spell their locales.
    public init?(_ text: String) {
        let text = text.lowercased().replacing("_", with: "-")
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, let primary = subtags.first, (2...8).contains(primary.utf8.count),
            primary.utf8.allSatisfy(\.isLetter),
            subtags.allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isLetterOrDigit) })
        else { return nil }
        self.text = text
    }

    public init(_ language: Language) { text = language.rawValue }

    /// The tag and what is left of it as subtags are taken from its end: the order in which RFC 4647 §3.4 looks for what
    /// suits it best.
    public var ranges: [String] {
        var ranges: [String] = []
        var subtags = text.split(separator: "-")[...]
        while !subtags.isEmpty {
            ranges.append(subtags.joined(separator: "-"))
            subtags.removeLast()
            // A subtag of one character says nothing without the next.
            while subtags.count > 1, subtags.last?.utf8.count == 1 { subtags.removeLast() }
        }
        return ranges
    }

    /// The built-in language that suits it; nil where there is none.
    public var language: Language? {
        let primary = String(text.prefix { $0 != "-" })
        // The code that ISO 639 gave Indonesian until 1989, which Java still uses.
        return Language(rawValue: primary == "in" ? "id" : primary)
    }
}
