import JOSE

/// How much of an action is asked for, granted, or at most granted by a policy: a JSON object, checked when it was read.
///
/// Some names are constraints: `max_x` and `min_x` bound the number `x`, `allowed_xs` lists what `x` may be, `x_pattern`
/// must match `x`, `max_uses` says how often the token works, `require_details` that a use must state all of them. What
/// any other name means is known to agent and service only. docs/policies.md has the whole.
public struct Scope: Sendable, Equatable, CustomStringConvertible {
    /// The scope as JSON: an object.
    public let value: JSONValue
    /// What it says, in the order of the text.
    let entries: [ScopeEntry]

    /// Nothing but the one use that every token has.
    public static let unlimited = Scope(entries: [])

    init(entries: [ScopeEntry]) {
        self.entries = entries
        value = .object(entries.map(\.member))
    }

    /// Reads a scope that somebody wrote: an agent, the writer of a policy, an approver.
    ///
    /// A constraint of the wrong type is refused, null included, because a limit that nobody can check limits nothing.
    /// - Throws: `PolicyError` with `invalidScope`; its fields begin with `field`.
    public init(_ value: JSONValue, field: String = "scope") throws(PolicyError) {
        if let fault = ScopeSize.fault(in: value) {
            throw PolicyError(.invalidScope, field: field + (fault.name.map { ".\($0)" } ?? ""), fault.message)
        }
        if let fault = UnclearContent.fault(in: value) { throw PolicyError(.invalidScope, field: field, fault) }
        try self.init(stored: value, field: field)
    }

    /// Reads a scope that was granted and kept, of whatever size: what narrowing made can be larger than what it was made
    /// of.
    /// - Throws: `PolicyError` with `invalidScope`, where it is none.
    public init(stored value: JSONValue, field: String = "scope") throws(PolicyError) {
        guard let members = value.members else { throw PolicyError(.invalidScope, field: field, "must be an object") }
        var entries: [ScopeEntry] = []
        var faults: [PolicyError.Fault] = []
        for member in members {
            do throws(ValueFault) {
                entries.append(
                    ScopeEntry(name: member.name, rule: try ScopeRule(name: member.name, value: member.value)))
            } catch {
                faults.append(.init(field: "\(field).\(member.name)", message: error.message))
            }
        }
        guard faults.isEmpty else { throw PolicyError(.invalidScope, faults) }
        self.init(entries: entries)
    }

    /// The entries as JSON for whoever reads the scope: constraints first, as they say what is granted at most.
    public var constraintsFirst: [JSONValue.Member] {
        (entries.filter(\.rule.isConstraint) + entries.filter { !$0.rule.isConstraint }).map(\.member)
    }

    /// How often a token of this scope works: `max_uses`, or once.
    public var maxUses: Int { if case .uses(let count) = self["max_uses"] { count } else { 1 } }

    /// The entry of this name.
    subscript(name: String) -> ScopeRule? { entries.first { $0.name == name }?.rule }

    /// The scope as JSON text.
    public var description: String { value.description }
}

/// One name of a scope and what it says.
struct ScopeEntry: Sendable, Equatable {
    let name: String
    let rule: ScopeRule

    /// The entry as JSON.
    var member: JSONValue.Member { .init(name: name, value: rule.value) }
}
