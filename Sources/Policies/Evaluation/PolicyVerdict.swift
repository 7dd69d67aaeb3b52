/// What the policies say to one request.
public struct PolicyVerdict: Sendable, Equatable {
    /// Approve at once, ask a person, or deny.
    public let action: PolicyAction
    /// The policy that decided; nil where none matched.
    public let policy: PolicyReference?
    /// Why, naming the policy, on one line: for the agent, the approver and the audit.
    public let reason: String
    /// What is granted, or, where a person has to decide, the most that the person can grant; what was asked for where
    /// the request is denied.
    public let scope: Scope
    /// Whom to ask; of meaning only where a person has to decide.
    public let approval: ApprovalDemand
}

/// The policy that a verdict or a grant rests on.
public struct PolicyReference: Sendable, Equatable {
    /// How the store names it; nil for one that is not stored.
    public let id: String?
    /// Its version at that time.
    public let version: Int
    /// Its name at that time.
    public let name: String

    /// A reference to a policy.
    public init(id: String?, version: Int, name: String) {
        self.id = id
        self.version = version
        self.name = name
    }
}
