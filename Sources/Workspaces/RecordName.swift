/// The name that somebody gives to a workspace, a key or themselves: shown in lists, so one line, without what steers a terminal.
public enum RecordName {
    /// At most 100 characters and 400 bytes, none of them a control character or one that turns the text's direction.
    public static func isValid(_ name: String) -> Bool {
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
