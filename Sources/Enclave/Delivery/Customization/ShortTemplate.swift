import EnclaveLink

/// The caller's text of a short message, with one place for the code.
struct ShortTemplate: Equatable, Sendable {
    /// Unicode scalars of the text, at most: three or four messages of a phone network.
    static let longest = 480

    private let before: String
    private let after: String

    /// Nil if the text is too long, has characters that hide or turn text, or does not have the placeholder once and
    /// standing free.
    init?(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let placeholder = Array(MessageCustomization.codePlaceholder.unicodeScalars)
        guard scalars.count <= Self.longest, scalars.allSatisfy(Self.isAllowed) else { return nil }
        let starts = scalars.indices.filter { scalars[$0...].starts(with: placeholder) }
        guard let start = starts.first, starts.count == 1 else { return nil }
        let before = scalars[..<start]
        let after = scalars[(start + placeholder.count)...]
        guard Self.isFree(before.reversed()), Self.isFree(after), !Self.hasBraces(before), !Self.hasBraces(after) else {
            return nil
        }
        self.before = Self.text(before)
        self.after = Self.text(after)
    }

    func filled(with code: String) -> String { before + code + after }

    /// True if everything from the code to the next space is punctuation. A letter or a slash further on would do harm
    /// too: phones make a link of `example.com/?123456` and of `123456.example.com`.
    private static func isFree(_ neighbours: some Sequence<UnicodeScalar>) -> Bool {
        neighbours.prefix { $0 != " " }.allSatisfy { punctuation.contains($0) }
    }

    private static let punctuation = Set("().,!?:;".unicodeScalars)

    /// Another placeholder, or what is left of one.
    private static func hasBraces(_ scalars: ArraySlice<UnicodeScalar>) -> Bool {
        zip(scalars, scalars.dropFirst()).contains { $0 == $1 && ($0 == "{" || $0 == "}") }
    }

    private static func isAllowed(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        // The two joiners, which some scripts cannot be written without.
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        default: true
        }
    }

    private static func text(_ scalars: ArraySlice<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
