extension String {
    /// A name that a stranger chose, fit for one line of a reason.
    var shortened: String { shortened(to: 40) }

    /// A stranger's text fit for one line: so many characters at most, none that is invisible or moves the cursor.
    func shortened(to most: Int) -> String {
        let shown = unicodeScalars.prefix(most).map { $0.isInvisible ? "\u{fffd}" : String($0) }
        return shown.joined() + (unicodeScalars.count > most ? "…" : "")
    }
}

extension Unicode.Scalar {
    /// Whether it shows nothing itself, and may break a line or turn what is around it.
    var isInvisible: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        // Variation selectors, fillers and the blank Braille pattern: letters or marks by category, and nothing to see.
        default: return properties.isDefaultIgnorableCodePoint || value == 0x2800
        }
    }
}
