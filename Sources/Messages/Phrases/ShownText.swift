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

    /// True if everything from a code's place to the next space, or to a mark that ends any address, is punctuation. A
    /// letter or a slash further on would do harm too: phones make a link of `example.com/?123456` and of
    /// `123456.example.com`.
    ///
    /// - Parameter neighbours: what stands beside the place, the nearest first.
    public static func isFree(_ neighbours: some Sequence<UnicodeScalar>) -> Bool {
        neighbours.prefix { !endsAddress($0) }.allSatisfy { punctuation.contains($0) }
    }

    private static let punctuation = Set("().,!?:;\"'".unicodeScalars)

    /// Spaces, and marks of scripts and languages that write none around them.
    private static func endsAddress(_ scalar: UnicodeScalar) -> Bool {
        scalar == "\n" || scalar.properties.generalCategory == .spaceSeparator || marks.contains(scalar)
    }

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
