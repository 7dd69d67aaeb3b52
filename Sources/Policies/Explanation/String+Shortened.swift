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
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
