import EnclaveLink
import Messages

extension PasscodeError {
    public static func templateUnknown(file: String = #fileID, line: Int = #line) -> Self {
        .init(.templateUnknown, "There is no such template for this channel and language.", file, line)
    }
    static func templateRefused(_ error: TemplateError, file: String = #fileID, line: Int = #line) -> Self {
        .init(.templateRefused(error.reason), error.description, file, line)
    }
    static func bindingIncomplete(_ names: [String], file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .bindingIncomplete, "The template shows what the binding does not have: \(names.joined(separator: ", ")).",
            field: "binding", file, line)
    }
    static func messageTooLong(
        _ length: MessageLength, on channel: Channel, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(
            .messageTooLong,
            """
            The message by \(channel.rawValue) would be too long, \(length): shorten the binding, or name another channel \
            or template.
            """, field: "binding", file, line)
    }
    /// What a send or an attempt says of itself is too long, or not what it should be.
    public static func claimRefused(
        _ field: String, _ rule: String, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(.claimRefused, "\(field): \(rule)", field: field, file, line)
    }
}
