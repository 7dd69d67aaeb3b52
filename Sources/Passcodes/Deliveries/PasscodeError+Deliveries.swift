extension PasscodeError {
    /// - Parameter reason: who did not take the message, and why; for the log.
    public static func deliveryFailed(
        _ reason: String, _ delivery: FailedDelivery, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(.deliveryFailed, delivery.message, reason: reason, failedDelivery: delivery, file, line)
    }
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
