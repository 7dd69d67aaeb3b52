import Encodings
import Policies
import Workspaces

extension PermissionError {
    public static func invalidFields(
        _ fields: [PolicyError.Fault], file: String = #fileID, line: Int = #line
    ) -> Self {
        let names = fields.map { GivenName.loggable($0.field) }.joined(separator: ", ")
        return .init(.invalidFields, "What was sent does not fit: \(names).", fields: fields, file, line)
    }
    public static func invalidField(
        _ field: String, _ message: String, file: String = #fileID, line: Int = #line
    ) -> Self {
        .invalidFields([.init(field: field, message: message)], file: file, line: line)
    }
    public static func notFound(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.notFound, "There is no such \(what).", file, line)
    }
    public static func notPermitted(to right: CallerRight, file: String = #fileID, line: Int = #line) -> Self {
        .init(.notPermitted(right), "This is for \(right.holders).", file, line)
    }
    public static func agentStopped(file: String = #fileID, line: Int = #line) -> Self {
        .init(.agentStopped, "This agent was switched off.", file, line)
    }
    public static func proofRefused(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.proofRefused, "The proof of possession does not count: \(reason).", file, line)
    }
    public static func authenticationThrottled(
        retryAfter: Int, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(
            .authenticationThrottled, "Too many failed authentications from this network.", retryAfter: retryAfter,
            file, line)
    }
    static func rateLimited(_ rate: RateState, retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .rateLimited, "This agent makes too many requests.", retryAfter: retryAfter, rate: rate, file, line)
    }
    public static func tooManyPending(limit: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tooManyPending, "\(limit) requests of this agent wait for a person. Let one end first.", retryAfter: 30,
            file, line)
    }
    public static func alreadyDecided(file: String = #fileID, line: Int = #line) -> Self {
        .init(.alreadyDecided, "This request was decided before, or its time is over.", file, line)
    }
    public static func approverIsOriginator(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .approverIsOriginator, "The person behind an agent is none of the two who approve what it asks for.", file,
            line)
    }
    public static func approvedBefore(file: String = #fileID, line: Int = #line) -> Self {
        .init(.approvedBefore, "You approved this before. It needs a second person.", file, line)
    }
    public static func approverUnidentified(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .approverUnidentified,
            "This needs two people, and this key does not say whose it is. Use an approver's own key or the page.",
            file, line)
    }
    public static func numberMissing(file: String = #fileID, line: Int = #line) -> Self {
        .init(.numberMissing, "Enter the number that the asking side shows.", file, line)
    }
    public static func numberWrong(file: String = #fileID, line: Int = #line) -> Self {
        .init(.numberWrong, "This is not the number that the asking side shows.", file, line)
    }
    /// - Parameter names: the names of the changes that narrow nothing.
    public static func scopeNotNarrowed(_ names: [String], file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .scopeNotNarrowed, "A decision can only narrow what was asked for.",
            fields: names.map { name in
                .init(field: "scopeModifications.\(name)", message: "limits nothing: this was not asked for")
            }, file, line)
    }
    public static func statementChanged(file: String = #fileID, line: Int = #line) -> Self {
        .init(.statementChanged, "This is not the text that the request is shown with. Look at it again.", file, line)
    }
    public static func notRevocable(file: String = #fileID, line: Int = #line) -> Self {
        .init(.notRevocable, "Only what is pending or approved can be revoked.", file, line)
    }
    public static func idempotencyKeyReused(file: String = #fileID, line: Int = #line) -> Self {
        .init(.idempotencyKeyReused, "This Idempotency-Key was used with another request.", file, line)
    }
    public static func policiesChanged(file: String = #fileID, line: Int = #line) -> Self {
        .init(.policiesChanged, "The policies changed since you looked at them. Look again.", file, line)
    }
    public static func workspace(_ error: WorkspaceError, file: String = #fileID, line: Int = #line) -> Self {
        .init(.workspace(error), error.message, retryAfter: error.retryAfter, file, line)
    }
    public static func unavailable(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.unavailable, reason, retryAfter: 1, file, line)
    }
}
