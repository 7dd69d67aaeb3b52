/// What a message may show.
public enum ShownText {
    /// A stranger's text on one line: without control and direction characters, at most `longest` Unicode scalars.
    /// Whoever sends the request chose it, so nothing in it may add a line or turn the text around it.
    public static func line(_ raw: String, longest: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        var gap = false
        for scalar in raw.unicodeScalars where count < longest {
            if endsWord(scalar) {
                gap = true
                continue
            }
            if gap && count > 0 && count + 1 < longest {
                scalars.append(" ")
                count += 1
            }
            gap = false
            scalars.append(scalar)
            count += 1
        }
        return String(scalars)
    }

    /// True for a character that a text of an own template may have: none that hides, turns or ends text.
    public static func isAllowed(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        // The two joiners, which some scripts cannot be written without.
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        default: true
        }
    }

    /// True if everything from a code's place to the next space is punctuation. A letter or a slash further on would do
    /// harm too: phones make a link of `example.com/?123456` and of `123456.example.com`. Behind a mark of a script that
    /// writes no spaces its words may follow, and nothing of which an address could be made.
    ///
    /// - Parameter neighbours: what stands beside the place, the nearest first.
    public static func isFree(_ neighbours: some Sequence<UnicodeScalar>) -> Bool {
        let rest = neighbours.prefix { $0 != " " && $0 != "\n" }.drop { punctuation.contains($0) }
        guard let mark = rest.first else { return true }
        guard marks.contains(mark) else { return false }
        let hasWords = rest.contains { !$0.isASCII && $0.properties.isAlphabetic }
        return rest.allSatisfy { scalar in
            !scalar.isASCII || "(),!?".unicodeScalars.contains(scalar)
                || hasWords && scalar.properties.numericType == .decimal
        }
    }

    private static let punctuation = Set("().,!?:;".unicodeScalars)
    private static let marks = Set("，。：；！？、（）【】《》「」『』“”‘’„‚«»‹›،؛؟।॥".unicodeScalars)

    private static func endsWord(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            true
        default: false
        }
    }
}
