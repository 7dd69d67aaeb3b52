import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeError {
    init(_ error: PasscodeError) {
        self.init(status: error)
        attemptsRemaining = error.attemptsRemaining
        if retryAfter == 0 { retryAfter = error.retryAfter }
    }

    private init(status error: PasscodeError) {
        let message = error.message
        switch error.code {
        case .invalidPhoneNumber: self.init(.badRequest, "INVALID_PHONE_NUMBER", message)
        case .phoneNumberRefused: self.init(.badRequest, "PHONE_NUMBER_REFUSED", message)
        case .invalidEmail: self.init(.badRequest, "INVALID_EMAIL", message)
        case .invalidChannel: self.init(.badRequest, "INVALID_CHANNEL", message)
        case .invalidCode: self.init(.badRequest, "INVALID_CODE", message)
        case .codeExpired: self.init(.badRequest, "CODE_EXPIRED", message)
        case .madeBeforeRestart: self.init(.badRequest, "CODE_FROM_BEFORE_RESTART", message)
        case .tooManyAttempts: self.init(.tooManyRequests, "TOO_MANY_ATTEMPTS", message)
        case .idempotencyInProgress: self.init(.conflict, "IDEMPOTENCY_IN_PROGRESS", message)
        case .idempotencyKeyReused: self.init(.unprocessableEntity, "IDEMPOTENCY_KEY_REUSED", message)
        case .deliveryFailed:
            self.init(.badGateway, "DELIVERY_FAILED", message, details: error.failedDelivery?.passcode)
            isReplay = error.failedDelivery?.isReplay ?? false
        case .templateUnknown: self.init(.badRequest, "MISSING_TEMPLATE", message)
        case .bindingIncomplete, .messageTooLong, .claimRefused:
            self.init(.badRequest, "INVALID_FIELD", message, details: error.field)
        case .sendingPaused: self.init(.tooManyRequests, "SENDING_PAUSED", message)
        case .challengeUnknown: self.init(.notFound, "NOT_FOUND", "There is no such passcode.")
        case .alreadyVerified: self.init(.conflict, "ALREADY_VERIFIED", message)
        case .codeSpent, .tooManyInFlight, .attemptRefused, .tokenRefused, .tokenUsed,
            .contactMismatch, .userUnknown, .userExists, .sessionUnknown, .proofRefused, .captchaRefused,
            .contactNotInSandbox, .testRecipient, .customizationRefused, .rotatedRecently, .templateRefused,
            .reportRefused,
            .reportMalformed:
            // Of the sealed flows and of operators; this dialect never raises them.
            self.init(.badRequest, "INVALID_REQUEST", message)
        case .workspace(let error): self.init(error)
        case .unavailable: self.init(.serviceUnavailable, "UNAVAILABLE", Self.tryAgain)
        }
    }

    init(_ error: WorkspaceError) {
        self.init(status: error)
        retryAfter = error.retryAfter
    }

    private init(status error: WorkspaceError) {
        let message = error.message
        switch error.code {
        case .keyMissing:
            self.init(.unauthorized, "MISSING_API_KEY", "Send an API key: Authorization: Bearer sk_live_…")
        case .keyInvalid: self.init(.unauthorized, "INVALID_API_KEY", message)
        case .keyRevoked: self.init(.forbidden, "KEY_REVOKED", message)
        case .keyExpired: self.init(.forbidden, "KEY_EXPIRED", message)
        case .keyInBrowser: self.init(.forbidden, "KEY_IN_BROWSER", message)
        case .keyNotPermitted, .certificateRequired, .addressNotAllowed, .abilityMissing, .signatureInvalid:
            self.init(.forbidden, "PERMISSION_DENIED", message)
        case .subscriptionInactive: self.init(.paymentRequired, "SUBSCRIPTION_INACTIVE", message)
        case .quotaExceeded: self.init(.tooManyRequests, "QUOTA_EXCEEDED", message)
        case .budgetExceeded: self.init(.tooManyRequests, "BUDGET_EXCEEDED", message)
        case .cooldown: self.init(.tooManyRequests, "SPAM_COOLDOWN", message)
        case .rateLimited: self.init(.tooManyRequests, "RATE_LIMITED", "Too many sends.", details: message)
        case .invalidSetting, .keyRegistered: self.init(.badRequest, "INVALID_FIELD", message)
        case .notFound: self.init(.notFound, "NOT_FOUND", message)
        case .unavailable: self.init(.serviceUnavailable, "UNAVAILABLE", Self.tryAgain)
        }
    }

    private static let tryAgain = "The server cannot answer now; try again."
}
