/// Policies in the order in which they decide, ready to be asked.
///
/// `always` denies come first, then the highest priority; at equal priority deny, then require_approval, then
/// auto_approve; then the order in which they were given. The first that matches decides. Where none does, a person has
/// to.
public struct PolicySet: Sendable {
    /// The most policies of one set.
    public static let largest = 2_000

    /// The active policies in the order in which they decide.
    public let policies: [Policy]

    /// Puts policies in order. Those that are not active are left out.
    /// - Throws: `PolicyError` with `tooManyPolicies`.
    public init(_ policies: [Policy]) throws(PolicyError) {
        guard policies.count <= Self.largest else {
            throw PolicyError(.tooManyPolicies, field: "policies", "must be at most \(Self.largest)")
        }
        self.policies = policies.filter(\.isActive).enumerated()
            .sorted { Self.order($0.element, $0.offset) < Self.order($1.element, $1.offset) }.map(\.element)
    }

    private static func order(_ policy: Policy, _ place: Int) -> (Int, Int, Int, Int) {
        (policy.always ? 0 : 1, -policy.priority, policy.action.rank, place)
    }
}

extension PolicySet {
    /// What the policies say to a request.
    public func evaluate(_ facts: PermissionFacts) -> PolicyVerdict {
        PolicyVerdict(
            action: .requireApproval, policy: nil, reason: "No policy matches, so a person has to decide.",
            scope: facts.scope, approval: .standard)
    }

    /// Whether a policy that may apply to this action of this agent asks how many requests there were; if not,
    /// `requestsInLastHour` need not be counted.
    public func asksForRate(action: String, agentId: String) -> Bool { true }
}
