/// A rule for the requests of agents, checked when it was read: see docs/policies.md.
///
/// It is immutable; a changed policy is read anew from its changed document (`Policy(reading:)`).
public struct Policy: Sendable, Equatable {
    /// How the store names it; nil for one that is not stored, such as one of a file.
    public let id: String?
    /// Counts the changes of the stored policy, from 1. A grant names the version that it was made under.
    public let version: Int
    /// What people and reasons call it: 1 to 255 characters on one line.
    public let name: String
    /// -1,000,000 to 1,000,000, the highest first.
    public let priority: Int
    /// The only agent whose requests it looks at; nil for all agents.
    public let agentId: String?
    /// All must hold. None at all holds for every request.
    public let conditions: [PolicyCondition]
    /// What happens to a request that it matches.
    public let action: PolicyAction
    /// Comes before all priorities. Only a `deny` may.
    public let always: Bool
    /// Says that an `auto_approve` without conditions is meant.
    public let matchAll: Bool
    /// Says that an `auto_approve` may rest on `context`, which is nothing but the agent's word.
    public let trustContext: Bool
    /// The most that is granted: the request's scope is narrowed by it. Nil where the request's scope is granted as it is.
    public let scopeTemplate: Scope?
    /// For people, at most 1,000 characters.
    public let description: String?
    /// A policy that is not active matches nothing.
    public let isActive: Bool
    /// Whom a `require_approval` asks.
    public let approval: ApprovalDemand

    /// The same policy as the store knows it.
    public func stored(as id: String, version: Int) -> Policy {
        Policy(
            id: id, version: version, name: name, priority: priority, agentId: agentId, conditions: conditions,
            action: action, always: always, matchAll: matchAll, trustContext: trustContext,
            scopeTemplate: scopeTemplate, description: description, isActive: isActive, approval: approval)
    }
}
