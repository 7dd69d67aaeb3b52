import HTTPServer
import Permissions
import Policies
import Workspaces

extension AgentOTPError {
    /// The dialect's error, and the reason for the log; nil for what is no refusal.
    static func translating(_ error: any Error) -> (AgentOTPError, reason: String)? {
        switch error {
        case let error as AgentOTPError: (error, error.message)
        case let error as PermissionError: (AgentOTPError(error), error.description)
        case let error as PolicyError:
            // Its own description quotes what was sent.
            translating(PermissionError.invalidFields(error.faults))
        case let error as WorkspaceError: (AgentOTPError(.workspace(error)), error.description)
        case let error as InvalidIdempotencyKey:
            (AgentOTPError(.invalidField("Idempotency-Key", error.message)), "idempotency key")
        default: nil
        }
    }

    init(_ error: PermissionError) {
        self.init(status: error)
        details = error.fields
        rate = error.rate
        if retryAfter == 0 { retryAfter = error.retryAfter }
    }

    private init(status error: PermissionError) {
        let message = error.message
        switch error.code {
        case .invalidFields: self.init(.unprocessableEntity, "VALIDATION_ERROR", message)
        case .scopeNotNarrowed: self.init(.unprocessableEntity, "SCOPE_NOT_NARROWED", message)
        case .idempotencyKeyReused: self.init(.unprocessableEntity, "IDEMPOTENCY_KEY_REUSED", message)
        case .numberMissing: self.init(.unprocessableEntity, "NUMBER_MISSING", message)
        case .numberWrong: self.init(.unprocessableEntity, "NUMBER_WRONG", message)
        case .notFound: self.init(.notFound, "NOT_FOUND", message)
        case .notPermitted(let right): self.init(.forbidden, "FORBIDDEN", right.needed)
        case .agentStopped: self.init(.forbidden, "AGENT_INACTIVE", message)
        case .approverIsOriginator: self.init(.forbidden, "APPROVER_IS_ORIGINATOR", message)
        case .approverUnidentified: self.init(.forbidden, "APPROVER_UNIDENTIFIED", message)
        case .proofRefused: self.init(.unauthorized, "PROOF_REFUSED", message)
        case .authenticationThrottled: self.init(.tooManyRequests, "AUTHENTICATION_THROTTLED", message)
        case .rateLimited: self.init(.tooManyRequests, "RATE_LIMIT_EXCEEDED", message)
        case .tooManyPending: self.init(.tooManyRequests, "TOO_MANY_PENDING", message)
        case .alreadyDecided: self.init(.conflict, "ALREADY_DECIDED", message)
        case .approvedBefore: self.init(.conflict, "APPROVED_BEFORE", message)
        case .statementChanged: self.init(.conflict, "STATEMENT_CHANGED", message)
        case .notRevocable: self.init(.conflict, "NOT_REVOCABLE", message)
        case .policiesChanged: self.init(.conflict, "POLICIES_CHANGED", message)
        case .workspace(let error): self.init(error)
        case .unavailable: self.init(.serviceUnavailable, "UNAVAILABLE", Self.tryAgain)
        }
    }

    private init(_ error: WorkspaceError) {
        self.init(status: error)
        retryAfter = error.retryAfter
    }

    private init(status error: WorkspaceError) {
        let message = error.message
        switch error.code {
        // One text for all keys that open nothing: whoever guesses learns nothing of them.
        case .keyMissing:
            self.init(
                .unauthorized, "UNAUTHORIZED", "A key is needed: Authorization: Bearer KEY (an agent: ak_live_…).")
        case .keyInvalid, .keyRevoked, .keyExpired:
            self.init(.unauthorized, "UNAUTHORIZED", "This key opens nothing. Ask the operator for another.")
        case .keyInBrowser, .certificateRequired, .abilityMissing, .signatureInvalid:
            self.init(.forbidden, "FORBIDDEN", message)
        case .addressNotAllowed: self.init(.forbidden, "ADDRESS_NOT_ALLOWED", message)
        case .keyNotPermitted:
            self.init(.forbidden, "FORBIDDEN", "This key is for passcodes. Use an agent's key (ak_live_…).")
        case .subscriptionInactive: self.init(.forbidden, "SUBSCRIPTION_INACTIVE", message)
        case .quotaExceeded: self.init(.tooManyRequests, "QUOTA_EXCEEDED", message)
        case .budgetExceeded: self.init(.tooManyRequests, "BUDGET_EXCEEDED", message)
        case .cooldown, .rateLimited: self.init(.tooManyRequests, "RATE_LIMIT_EXCEEDED", message)
        case .invalidSetting, .keyRegistered: self.init(.unprocessableEntity, "VALIDATION_ERROR", message)
        case .notFound: self.init(.notFound, "NOT_FOUND", message)
        case .unavailable: self.init(.serviceUnavailable, "UNAVAILABLE", Self.tryAgain)
        }
    }

    private static let tryAgain = "The server cannot answer now. Nothing was done; try again."

    init(_ reason: RefusalReason) {
        switch reason {
        // What no identifier can be is an unknown one.
        case .notFound, .malformedMessage(.pathEncoding):
            self.init(.notFound, "NOT_FOUND", RefusalReason.notFound.detail)
        case .methodNotAllowed: self.init(.methodNotAllowed, "METHOD_NOT_ALLOWED", reason.detail)
        case .bodyTooLong: self.init(.payloadTooLarge, "PAYLOAD_TOO_LARGE", reason.detail)
        case .internalError: self.init(.internalServerError, "INTERNAL_ERROR", "Unexpected error.")
        case .tooManyConnections, .tooManyWaiting: self.init(.serviceUnavailable, "UNAVAILABLE", reason.detail)
        case .waitingShareTaken: self.init(.tooManyRequests, "TOO_MANY_WAITING", reason.detail)
        case .upgradeRequired, .body, .malformedMessage, .parameter, .requestTimeout, .targetTooLong,
            .expectationFailed, .headerTooLong,
            .unsupportedTransferCoding, .unsupportedVersion:
            self.init(reason.status, "INVALID_REQUEST", reason.detail)
        }
    }
}
