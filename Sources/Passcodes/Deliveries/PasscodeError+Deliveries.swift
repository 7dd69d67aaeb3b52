extension PasscodeError {
    public static func alreadyVerified(file: String = #fileID, line: Int = #line) -> Self {
        .init(.alreadyVerified, "This code was used. It can no longer be canceled.", file, line)
    }
    public static func reportRefused(file: String = #fileID, line: Int = #line) -> Self {
        .init(.reportRefused, "The report is not signed by its provider.", file, line)
    }
    public static func reportMalformed(file: String = #fileID, line: Int = #line) -> Self {
        .init(.reportMalformed, "The report cannot be read.", file, line)
    }
}
