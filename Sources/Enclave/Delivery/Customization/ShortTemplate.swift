import EnclaveLink
import Messages

/// The caller's text of a short message, with one place for the code.
struct ShortTemplate: Equatable, Sendable {
    /// Unicode scalars of the text, at most.
    static let longest = MessageKind.sms.longestText

    let before: String
    let after: String

    /// Nil if the text is too long, has characters that hide or turn text, or does not have the placeholder once and
    /// standing free.
    init?(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let placeholder = Array(MessageCustomization.codePlaceholder.unicodeScalars)
        guard scalars.count <= Self.longest, scalars.allSatisfy(ShownText.isAllowed) else { return nil }
        let starts = scalars.indices.filter { scalars[$0...].starts(with: placeholder) }
        guard let start = starts.first, starts.count == 1 else { return nil }
        let before = scalars[..<start]
        let after = scalars[(start + placeholder.count)...]
        guard ShownText.isFree(before.reversed()), ShownText.isFree(after), !Self.hasBraces(before),
            !Self.hasBraces(after)
        else {
            return nil
        }
        self.before = Self.text(before)
        self.after = Self.text(after)
    }

    func filled(with code: String) -> String { before + code + after }

    /// Another placeholder, or what is left of one.
    private static func hasBraces(_ scalars: ArraySlice<UnicodeScalar>) -> Bool {
        zip(scalars, scalars.dropFirst()).contains { $0 == $1 && ($0 == "{" || $0 == "}") }
    }

    private static func text(_ scalars: ArraySlice<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
