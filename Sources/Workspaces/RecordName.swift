/// The name that an operator gives to a workspace or a key: shown in lists, so one line, without what steers a terminal.
enum RecordName {
    /// At most 100 characters and 400 bytes, none of them a control character or one that turns the text's direction.
    static func isValid(_ name: String) -> Bool {
        name.count <= 100 && name.utf8.count <= 400
            && name.unicodeScalars.allSatisfy(isShown)
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
