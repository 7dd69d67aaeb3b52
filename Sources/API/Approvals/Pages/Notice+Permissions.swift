import Permissions

/// Why a decision did not count, in words for the person who made it.
extension Notice {
    init(_ error: PermissionError) {
        switch error.code {
        case .invalidFields, .scopeNotNarrowed:
            self.init(.unprocessableEntity, Self.faults(of: error))
        case .numberMissing:
            self.init(
                .unprocessableEntity, "Enter the number that the asking side shows. Without it nothing is approved.")
        case .numberWrong:
            self.init(
                .unprocessableEntity,
                "That is not the number that the asking side shows. If it shows none, somebody else may be asking: deny."
            )
        case .statementChanged:
            self.init(.conflict, "The request was shown differently before. Read it again, then decide.")
        case .alreadyDecided:
            self.init(.conflict, "It was decided before, or its time was over. What you chose did not count.")
        case .approvedBefore:
            self.init(.conflict, "You approved this before. It needs a second person; you can still deny it.")
        case .approverIsOriginator:
            self.init(
                .forbidden, "The agent acts for you, and this needs two other people. Send them this page's address.")
        case .notPermitted: self.init(.forbidden, "You may no longer decide here. What you chose did not count.")
        case .workspace(let error): self.init(error)
        case .notFound, .agentStopped, .proofRefused, .authenticationThrottled,
            .rateLimited, .tooManyPending, .approverUnidentified, .notRevocable, .idempotencyKeyReused,
            .policiesChanged, .unavailable:
            self = .unavailable
        }
    }

    private static func faults(of error: PermissionError) -> String {
        let faults = error.fields.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        return "Nothing was decided. \(error.message)" + (faults.isEmpty ? "" : " \(faults).")
    }
}
