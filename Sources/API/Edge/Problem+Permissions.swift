import Permissions
import Policies

/// How the errors of permissions and policies look in our own API.
extension Problem {
    init(_ error: PermissionError) {
        self.init(status: error)
        if !error.fields.isEmpty { errors = error.fields.map(FieldError.init) }
        if error.retryAfter > 0 { retryAfter = error.retryAfter }
    }

    init(_ error: PolicyError) {
        self.init(.unprocessableEntity, "invalid_field", error.message)
        errors = error.faults.map(FieldError.init)
    }

    private init(status error: PermissionError) {
        let message = error.message
        switch error.code {
        case .invalidFields:
            let faults = error.fields.map(\.description).joined(separator: "; ")
            self.init(.unprocessableEntity, "invalid_field", faults.isEmpty ? message : "\(faults).")
        case .scopeNotNarrowed: self.init(.unprocessableEntity, "scope_not_narrowed", message)
        case .idempotencyKeyReused: self.init(.unprocessableEntity, "idempotency_key_reused", message)
        case .numberMissing: self.init(.unprocessableEntity, "number_missing", message)
        case .numberWrong: self.init(.unprocessableEntity, "number_wrong", message)
        case .notFound: self.init(.notFound, "not_found", message)
        case .notPermitted(let right): self.init(.forbidden, "not_permitted", right.needed)
        case .agentStopped: self.init(.forbidden, "agent_inactive", message)
        case .approverIsOriginator: self.init(.forbidden, "approver_is_originator", message)
        case .approverUnidentified: self.init(.forbidden, "approver_unidentified", message)
        case .proofRefused: self = .proofRefused
        case .authenticationThrottled: self.init(.tooManyRequests, "authentication_throttled", message)
        case .rateLimited: self.init(.tooManyRequests, "rate_limited", message)
        case .tooManyPending: self.init(.tooManyRequests, "too_many_pending", message)
        case .alreadyDecided: self.init(.conflict, "already_decided", message)
        case .approvedBefore: self.init(.conflict, "approved_before", message)
        case .statementChanged: self.init(.conflict, "statement_changed", message)
        case .notRevocable: self.init(.conflict, "not_revocable", message)
        case .policiesChanged: self.init(.conflict, "policies_changed", message)
        case .workspace(let error): self.init(error)
        case .unavailable: self = .unavailable
        }
    }
}

/// One thing that is wrong with what was sent.
struct FieldError: Encodable, Equatable {
    /// The name of the policy that it is about, where there are several.
    var policy: String?
    /// Where; empty where it is the whole.
    var field: String
    var message: String

    init(_ fault: PolicyError.Fault) {
        policy = fault.policy
        field = fault.field
        message = fault.message
    }
}
