import Passcodes
import Workspaces

/// What went wrong with a code, in words for the person before the page. None of them tells whether an address is an
/// approver's.
extension Notice {
    init(_ error: PasscodeError) {
        switch error.code {
        case .invalidEmail: self.init(.unprocessableEntity, "That is not an e-mail address.")
        case .invalidCode, .attemptRefused:
            self.init(.unprocessableEntity, Self.wrongCode(error.attemptsRemaining ?? 0))
        case .tooManyAttempts:
            self.init(
                .tooManyRequests, "Too many wrong codes: this one is closed. Ask for another one.",
                retryAfter: error.retryAfter)
        case .codeExpired, .madeBeforeRestart, .challengeUnknown:
            self.init(.unprocessableEntity, "This code no longer counts. Ask for another one.")
        case .codeSpent: self.init(.unprocessableEntity, "This code was used before. Ask for another one.")
        case .tooManyInFlight:
            self.init(
                .tooManyRequests,
                "Three codes for this address still count. Enter the newest one in the browser that asked for it, or "
                    + "wait \(Self.wait(error.retryAfter)) and ask again.", retryAfter: error.retryAfter)
        case .workspace(let error): self.init(error)
        case .contactNotInSandbox: self = .sandbox
        case .invalidPhoneNumber, .phoneNumberRefused, .invalidChannel, .idempotencyInProgress, .idempotencyKeyReused,
            .deliveryFailed, .customizationRefused, .tokenRefused, .tokenUsed, .contactMismatch, .userUnknown,
            .userExists, .sessionUnknown, .proofRefused, .captchaRefused, .rotatedRecently,
            .alreadyVerified, .reportRefused, .reportMalformed, .templateUnknown, .templateRefused, .bindingIncomplete,
            .claimRefused, .messageTooLong, .testRecipient, .sendingPaused, .unavailable:
            self = .unavailable
        }
    }

    /// A sandbox's codes are known to everybody and prove nothing.
    static let sandbox = Notice(
        .forbidden, "This workspace is a sandbox, whose codes prove nothing. Decide with an approver's key instead.")

    init(_ error: WorkspaceError) {
        switch error.code {
        case .rateLimited, .cooldown, .quotaExceeded, .budgetExceeded:
            self.init(
                .tooManyRequests,
                "Too many requests. Wait \(Self.wait(error.retryAfter)), then try again.", retryAfter: error.retryAfter)
        case .subscriptionInactive:
            self.init(.forbidden, "This workspace sends no codes at present. Ask whoever runs it.")
        case .keyMissing, .keyInvalid, .keyRevoked, .keyExpired, .keyInBrowser, .keyNotPermitted, .certificateRequired,
            .keyRegistered,
            .invalidSetting, .notFound, .unavailable:
            self = .unavailable
        }
    }

    private static func wrongCode(_ remaining: Int) -> String {
        switch remaining {
        case ...0: "That is not the code, and it was the last try. Ask for another one."
        case 1: "That is not the code. One try is left."
        default: "That is not the code. \(remaining) tries are left."
        }
    }
}
