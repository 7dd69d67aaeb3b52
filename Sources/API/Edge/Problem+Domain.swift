import AuditLog
import HTTPServer
import Passcodes
import Webhooks
import Permissions
import Policies
import Workspaces

/// How the rooms' errors look in our own API.
extension Problem {
    /// The problem that an error is for the caller, and its reason for the log; nil for an error of no room.
    static func translating(_ error: any Error) -> (problem: Problem, reason: String)? {
        switch error {
        case let error as Problem: (error, error.reason ?? error.detail)
        case let error as WorkspaceError: (Problem(error), error.description)
        case let error as PasscodeError: (Problem(error), error.description)
        case let error as WebhookError: (Problem(error), error.description)
        case let error as PermissionError: (Problem(error), error.description)
        case let error as PolicyError: (Problem(error), error.description)
        case let error as LogReadingError: (Problem(error), error.reason)
        case let error as RetentionError: (Problem(error), error.reason)
        case let error as RequestBodyError: (Problem(error), "body")
        case let error as InvalidIdempotencyKey: (Problem(error), "idempotency key")
        case let error as VisitorRefusal: (Problem(error), "\(error)")
        default: nil
        }
    }

    init(_ error: WorkspaceError) {
        self.init(status: error)
        policy = error.policy
        if error.retryAfter > 0 { retryAfter = error.retryAfter }
    }

    private init(status error: WorkspaceError) {
        let message = error.message
        switch error.code {
        case .keyMissing: self.init(.unauthorized, "key_missing", message)
        case .keyInvalid: self.init(.unauthorized, "key_invalid", message)
        case .keyRevoked: self.init(.forbidden, "key_revoked", message)
        case .keyExpired: self.init(.forbidden, "key_expired", message)
        case .keyInBrowser: self.init(.forbidden, "key_in_browser", message)
        case .certificateRequired: self.init(.forbidden, "certificate_required", message)
        case .addressNotAllowed: self.init(.forbidden, "address_not_allowed", message)
        case .keyNotPermitted, .abilityMissing: self.init(.forbidden, "not_permitted", message)
        case .signatureInvalid: self.init(.unauthorized, "signature_invalid", message)
        case .subscriptionInactive: self.init(.paymentRequired, "subscription_inactive", message)
        case .quotaExceeded: self.init(.tooManyRequests, "quota_exceeded", message)
        case .budgetExceeded: self.init(.tooManyRequests, "budget_exceeded", message)
        case .cooldown: self.init(.tooManyRequests, "cooldown", message)
        case .rateLimited: self.init(.tooManyRequests, "rate_limited", message)
        case .invalidSetting: self.init(.unprocessableEntity, "invalid_setting", message)
        case .keyRegistered: self.init(.conflict, "key_registered", message)
        case .notFound: self.init(.notFound, "not_found", message)
        case .unavailable: self = .unavailable
        }
    }

    init(_ error: WebhookError) {
        let message = error.message
        switch error.code {
        case .invalidSetting: self.init(.unprocessableEntity, "invalid_setting", message)
        case .hostNotAllowed: self.init(.unprocessableEntity, "host_not_allowed", message)
        case .tooManyEndpoints: self.init(.conflict, "too_many_endpoints", message)
        case .notFound: self.init(.notFound, "not_found", message)
        case .endpointDisabled: self.init(.conflict, "endpoint_disabled", message)
        case .notDead: self.init(.conflict, "not_dead", message)
        case .queueFull: self.init(.conflict, "queue_full", message)
        case .unavailable: self = .unavailable
        }
    }

    init(_ error: LogReadingError) {
        switch error.code {
        case .notFound: self.init(.notFound, "not_found", "The log has nothing there, or it is not signed yet.")
        case .pruned:
            self.init(
                .gone, "pruned",
                """
                These entries were kept as long as the workspace's rule says, and are gone. Their hashes are still in \
                the tree: with a copy of an entry, the tiles prove it.
                """)
        case .badRange: self.init(.unprocessableEntity, "invalid_field", "There is nothing to prove there.")
        case .damaged:
            self.init(
                .internalServerError, "log_damaged", "What is stored does not fit. Run: countersign audit verify")
        case .unavailable: self = .unavailable
        }
    }

    init(_ error: RetentionError) {
        switch error.code {
        case .held:
            self.init(
                .conflict, "legal_hold",
                """
                The workspace is under legal hold: nothing is removed from its audit log, and nobody is erased. Ask \
                again once an operator has ended the hold (legal_hold: false).
                """)
        case .unfinished:
            self.init(
                .serviceUnavailable, "erasure_unfinished",
                """
                The keys are destroyed, but older copies of them are still in the database's files, because somebody \
                has been reading these for a while, such as a backup. Ask again in a moment: it is finished then.
                """, retryAfter: 10)
        case .damaged:
            self.init(
                .internalServerError, "log_damaged", "What is stored does not fit. Run: countersign audit verify")
        case .unavailable: self = .unavailable
        }
    }

    init(_ error: PasscodeError) {
        self.init(status: error)
        attemptsRemaining = error.attemptsRemaining
        if error.retryAfter > 0 { retryAfter = error.retryAfter }
    }

    private init(status error: PasscodeError) {
        let message = error.message
        switch error.code {
        case .invalidPhoneNumber: self.init(.unprocessableEntity, "invalid_phone_number", message)
        case .phoneNumberRefused: self.init(.unprocessableEntity, "phone_number_refused", message)
        case .invalidEmail: self.init(.unprocessableEntity, "invalid_email", message)
        case .invalidChannel: self.init(.unprocessableEntity, "invalid_channel", message)
        case .contactNotInSandbox: self.init(.unprocessableEntity, "contact_not_in_sandbox", message)
        case .testRecipient: self.init(.unprocessableEntity, "test_recipient", message)
        case .invalidCode: self.init(.badRequest, "invalid_code", message)
        case .attemptRefused(let fault): self.init(.badRequest, Self.code(fault), message)
        case .codeExpired: self.init(.badRequest, "code_expired", message)
        case .codeSpent: self.init(.badRequest, "code_spent", message)
        case .madeBeforeRestart: self.init(.badRequest, "code_from_before_restart", message)
        case .templateUnknown: self.init(.notFound, "template_unknown", message)
        case .templateRefused: self.init(.unprocessableEntity, "template_refused", message)
        case .bindingIncomplete, .messageTooLong, .claimRefused:
            self.init(.unprocessableEntity, "invalid_field", message)
        case .challengeUnknown: self.init(.notFound, "challenge_unknown", message)
        case .tooManyAttempts: self.init(.tooManyRequests, "too_many_attempts", message)
        case .tooManyInFlight: self.init(.tooManyRequests, "too_many_in_flight", message)
        case .idempotencyInProgress: self.init(.conflict, "idempotency_in_progress", message)
        case .idempotencyKeyReused: self.init(.unprocessableEntity, "idempotency_key_reused", message)
        case .deliveryFailed:
            self.init(.badGateway, "delivery_failed", message)
            challenge = error.failedDelivery?.passcode
            isReplay = error.failedDelivery?.isReplay ?? false
        case .customizationRefused: self.init(.unprocessableEntity, "customization_refused", message)
        case .tokenRefused(let fault): self.init(fault)
        case .tokenUsed: self.init(.conflict, "verification_token_used", message)
        case .contactMismatch: self.init(.unprocessableEntity, "contact_mismatch", message)
        case .userUnknown: self.init(.notFound, "user_unknown", message)
        case .userExists: self.init(.conflict, "user_exists", message)
        case .sessionUnknown: self.init(.notFound, "session_unknown", message)
        case .alreadyVerified: self.init(.conflict, "already_verified", message)
        case .reportRefused: self.init(.unauthorized, "report_refused", message)
        case .reportMalformed: self.init(.badRequest, "report_malformed", message)
        case .proofRefused: self = .proofRefused
        case .sendingPaused: self.init(.tooManyRequests, "sending_paused", message)
        case .rotatedRecently: self.init(.conflict, "rotated_recently", message)
        case .captchaRefused: self.init(.forbidden, "captcha_refused", message)
        case .workspace(let error): self.init(error)
        case .unavailable: self = .unavailable
        }
    }

    private static func code(_ fault: PasscodeError.AttemptFault) -> String {
        switch fault {
        case .notOpened: "attempt_not_opened"
        case .malformedContent: "attempt_malformed"
        case .malformedKey: "client_key_malformed"
        case .uncompressedKey: "client_key_uncompressed"
        }
    }
}
