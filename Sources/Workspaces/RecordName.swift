/// The name that an operator gives to a workspace or a key: shown in lists, so one line, without what steers a terminal.
enum RecordName {
    /// At most 100 characters and 400 bytes, none of them a control character.
    static func isValid(_ name: String) -> Bool {
        name.count <= 100 && name.utf8.count <= 400
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
