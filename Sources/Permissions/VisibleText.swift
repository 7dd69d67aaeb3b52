/// Text of strangers on its way into the database and before people's eyes.
public enum VisibleText {
    /// True for a text without control characters, line breaks and what turns a text's direction.
    static func isOneLine(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isPlain) }

    /// True for a text that every database keeps: not all take U+0000.
    static func isStorable(_ text: String) -> Bool { !text.utf8.contains(0) }

    /// Whether a character shows as itself and moves nothing else.
    public static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        // Nearly all of it is ASCII, and looking a category up is slow.
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        // Variation selectors, fillers and the blank Braille pattern show nothing, whatever their category.
        default: !scalar.properties.isDefaultIgnorableCodePoint && scalar.value != 0x2800
        }
    }
}
