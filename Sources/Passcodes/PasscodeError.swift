import EnclaveLink
import Messages
import Workspaces

/// Why a passcode was not sent or not verified. Equal by code.
public struct PasscodeError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        case invalidPhoneNumber, phoneNumberRefused, invalidEmail, invalidChannel
        case invalidCode, codeExpired, tooManyAttempts, madeBeforeRestart
        case idempotencyInProgress, idempotencyKeyReused
        case deliveryFailed
        /// It was used before it could be canceled.
        case alreadyVerified
        /// What claims to be a provider's report is not signed by it, or reports nothing.
        case reportRefused, reportMalformed
        /// The fraud guard has stopped the range of the number, or of whoever asks.
        case sendingPaused
        /// The enclave's settings or rules do not let the caller change this about the message.
        case customizationRefused(CustomizationFault)
        case templateUnknown
        /// A template is not saved, or no longer sent.
        case templateRefused(TemplateError.Reason)
        case bindingIncomplete
        /// With the binding that a send names, a message of its route is longer than providers take.
        case messageTooLong
        case claimRefused
        /// Another workspace's challenge, another flow's, or none.
        case challengeUnknown
        case codeSpent
        /// Three live codes for one contact.
        case tooManyInFlight
        /// A sealed attempt that holds no code and key; it was counted all the same.
        case attemptRefused(AttemptFault)
        case tokenRefused(TokenFault)
        /// A verification token served this use before.
        case tokenUsed
        /// A token for another contact than the one that was named.
        case contactMismatch
        case userUnknown, userExists
        case sessionUnknown
        /// A proof of possession does not count.
        case proofRefused
        case captchaRefused
        /// A sandbox knows two contacts only.
        case contactNotInSandbox
        /// Nothing is sent to a test recipient, whose fixed code is none for sealed flows.
        case testRecipient
        /// The keys that clients pin were rotated a moment ago.
        case rotatedRecently
        /// A key, a quota or a limit of the workspace says no.
        case workspace(WorkspaceError)
        case unavailable
    }

    /// What is wrong with the content of a sealed attempt.
    public enum AttemptFault: String, CaseIterable, Sendable {
        case notOpened, malformedContent, malformedKey, uncompressedKey
    }

    /// What the enclave does not let a caller change about a message.
    public enum CustomizationFault: String, CaseIterable, Sendable {
        case wording, link, sender
    }

    public let code: Code
    /// Words for whoever may act on it; never a code, a token or a contact.
    public let message: String
    /// For the log, where it says more than the message; never a code, a token or a contact either.
    let reason: String?
    /// Wrong codes that are still free; nil where the error is no wrong code.
    public let attemptsRemaining: Int?
    /// Seconds; 0 where waiting does not help.
    public let retryAfter: Int
    /// The field that is wrong; nil where the error is about none.
    public let field: String?
    /// What is known of a delivery that failed; nil for other errors.
    public let failedDelivery: FailedDelivery?
    /// Where it was raised, for the log.
    public let place: String

    init(
        _ code: Code, _ message: String, attemptsRemaining: Int? = nil, retryAfter: Int = 0,
        field: String? = nil, reason: String? = nil, failedDelivery: FailedDelivery? = nil, _ file: String, _ line: Int
    ) {
        self.code = code
        self.message = message
        self.attemptsRemaining = attemptsRemaining
        self.retryAfter = retryAfter
        self.field = field
        self.reason = reason
        self.failedDelivery = failedDelivery
        self.place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(reason ?? message) (\(place))" }
}

extension PasscodeError {
    public static func invalidPhoneNumber(file: String = #fileID, line: Int = #line) -> Self {
        .init(.invalidPhoneNumber, "Not a phone number in E.164 form, such as +491512345678.", file, line)
    }
    public static func phoneNumberRefused(file: String = #fileID, line: Int = #line) -> Self {
        .init(.phoneNumberRefused, "This workspace sends no messages to numbers of this kind or country.", file, line)
    }
    public static func invalidEmail(file: String = #fileID, line: Int = #line) -> Self {
        .init(.invalidEmail, "Not an e-mail address.", file, line)
    }
    public static func invalidChannel(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .invalidChannel, "The channel must be sms, voice or whatsapp for a number, email for an address.", file,
            line)
    }
    public static func invalidCode(remaining: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(.invalidCode, "The code is wrong.", attemptsRemaining: max(0, remaining), file, line)
    }
    public static func codeExpired(file: String = #fileID, line: Int = #line) -> Self {
        .init(.codeExpired, "The code has expired. Send a new one.", file, line)
    }
    public static func tooManyAttempts(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tooManyAttempts, "Too many wrong codes. This code is dead; send a new one.", retryAfter: retryAfter, file,
            line)
    }
    /// The lock over all codes of a contact.
    public static func contactClosed(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tooManyAttempts,
            "Too many wrong codes in a row for this contact. Nothing can be sent or verified for now.",
            retryAfter: retryAfter, file, line)
    }
    public static func madeBeforeRestart(file: String = #fileID, line: Int = #line) -> Self {
        .init(.madeBeforeRestart, "The server restarted since this code was made. Send a new one.", file, line)
    }
    public static func idempotencyInProgress(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .idempotencyInProgress, "A request with this Idempotency-Key is still under way.", retryAfter: 1, file, line
        )
    }
    public static func idempotencyKeyReused(file: String = #fileID, line: Int = #line) -> Self {
        .init(.idempotencyKeyReused, "This Idempotency-Key was used with another request.", file, line)
    }
    public static func sendingPaused(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .sendingPaused, "Sending to this destination is paused for now.", retryAfter: retryAfter, file, line)
    }
    public static func customizationRefused(
        _ fault: CustomizationFault, file: String = #fileID, line: Int = #line
    ) -> Self {
        let message =
            switch fault {
            case .wording: "The message's text, picture or names break a rule of the enclave's."
            case .link: "The enclave's settings allow no such link in a message."
            case .sender: "The enclave's settings allow no mail from, or replies to, this address."
            }
        return .init(.customizationRefused(fault), message, file, line)
    }
    public static func rotatedRecently(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .rotatedRecently,
            """
            The keys that clients pin were rotated less than a day ago. Another rotation now retires the key that has \
            just been announced, and with it every client that has not followed yet. Wait, or force it where a key is \
            no longer secret (--force, "force": true).
            """, file, line)
    }
    public static func workspace(_ error: WorkspaceError, file: String = #fileID, line: Int = #line) -> Self {
        .init(.workspace(error), error.message, retryAfter: error.retryAfter, file, line)
    }
    public static func unavailable(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.unavailable, reason, retryAfter: 1, file, line)
    }
}
