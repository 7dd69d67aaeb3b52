extension String {
    /// A name that a stranger chose, fit for one line of a reason.
    var shortened: String { shortened(to: 40) }

    /// A stranger's text fit for one line: so many characters at most, none that is invisible or moves the cursor.
    func shortened(to most: Int) -> String {
        let shown = unicodeScalars.prefix(most).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "\u{fffd}"
            default: String(scalar)
            }
        }
        return shown.joined() + (unicodeScalars.count > most ? "…" : "")
    }
}
