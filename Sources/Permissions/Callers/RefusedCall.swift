import AuditLog

/// A call that was refused, as the audit is to have it.
struct RefusedCall: Sendable {
    /// Nil for a key that is nobody's.
    var workspace: String?
    var agent = ""
    var action: AuditAction
    /// The identifier of what was acted on. Never what a caller wrote, unless it has the form of one.
    var record: String
    var origin: RequestOrigin
    /// Why, by the name of an error's code.
    var detail: String
    /// Whose calls share a limit on entries.
    var source: String
}

/// What happens the same way again and again, and is told of together.
struct RefusedKind: Hashable, Sendable {
    let workspace: String?
    let agent: String
    let action: AuditAction

    init(_ call: RefusedCall) {
        workspace = call.workspace
        agent = call.agent
        action = call.action
    }
}
