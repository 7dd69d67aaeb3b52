import EnclaveLink

extension PasscodeError {
    public static func challengeUnknown(file: String = #fileID, line: Int = #line) -> Self {
        .init(.challengeUnknown, "There is no such challenge. Start again.", file, line)
    }
    public static func codeSpent(file: String = #fileID, line: Int = #line) -> Self {
        .init(.codeSpent, "This code was used. Start again.", file, line)
    }
    public static func tooManyInFlight(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tooManyInFlight, "Three codes are alive for this contact. Use one, or wait.", retryAfter: retryAfter, file,
            line)
    }
    public static func attemptRefused(
        _ fault: AttemptFault, remaining: Int, file: String = #fileID, line: Int = #line
    ) -> Self {
        let message =
            switch fault {
            case .notOpened: "The attempt was not sealed to this challenge's target key."
            case .malformedContent: "What was sealed is not {\"otp_code\",\"public_key\"}."
            case .malformedKey: "The sealed public_key is no point of P-256."
            case .uncompressedKey: "The sealed public_key is uncompressed; send 33 bytes, 66 hexadecimal digits."
            }
        return .init(.attemptRefused(fault), message, attemptsRemaining: max(0, remaining), file, line)
    }
    public static func tokenRefused(_ fault: TokenFault, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tokenRefused(fault), "The verification token or its proof does not count: \(fault.rawValue).", file, line)
    }
    public static func tokenUsed(file: String = #fileID, line: Int = #line) -> Self {
        .init(.tokenUsed, "The verification token was used for this before. Verify again.", file, line)
    }
    public static func contactMismatch(file: String = #fileID, line: Int = #line) -> Self {
        .init(.contactMismatch, "The verification token is for another contact.", file, line)
    }
    public static func userUnknown(file: String = #fileID, line: Int = #line) -> Self {
        .init(.userUnknown, "Nobody signed up with this contact.", file, line)
    }
    public static func userExists(file: String = #fileID, line: Int = #line) -> Self {
        .init(.userExists, "Somebody signed up with this contact before. Log in.", file, line)
    }
    public static func sessionUnknown(file: String = #fileID, line: Int = #line) -> Self {
        .init(.sessionUnknown, "There is no such session, or it has ended. Log in.", file, line)
    }
    public static func proofRefused(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.proofRefused, "The proof of possession does not count: \(reason).", file, line)
    }
    public static func contactNotInSandbox(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .contactNotInSandbox, "A sandbox sends only to user@example.com and +19999999999.", file, line)
    }
    public static func testRecipient(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .testRecipient, "This contact is a test recipient: nothing is sent to it, and it has no sealed codes.",
            file,
            line)
    }
    public static func captchaRefused(file: String = #fileID, line: Int = #line) -> Self {
        .init(.captchaRefused, "The captcha was not solved. Try again.", file, line)
    }
}
