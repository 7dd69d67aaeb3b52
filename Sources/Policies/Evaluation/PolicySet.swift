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
    let index: ActionIndex
    private let asksForRate: Bool

    /// Puts policies in order. Those that are not active are left out.
    /// - Throws: `PolicyError` with `tooManyPolicies`.
    public init(_ policies: [Policy]) throws(PolicyError) {
        guard policies.count <= Self.largest else {
            throw PolicyError(.tooManyPolicies, field: "policies", "must be at most \(Self.largest)")
        }
        self.policies = Self.ordered(policies.filter(\.isActive))
        index = ActionIndex(self.policies)
        asksForRate = self.policies.contains(where: \.asksForRate)
    }

    /// Policies in the order in which they decide.
    static func ordered(_ policies: [Policy]) -> [Policy] {
        policies.enumerated().sorted { key($0) < key($1) }.map(\.element)
    }

    private static func key(_ entry: (offset: Int, element: Policy)) -> (Int, Int, Int, Int) {
        (entry.element.always ? 0 : 1, -entry.element.priority, entry.element.action.rank, entry.offset)
    }

    /// Whether a policy that may apply to this action of this agent asks how many requests there were. If not,
    /// `PermissionFacts.requestsInLastHour` need not be counted.
    public func asksForRate(action: String, agentId: String) -> Bool {
        asksForRate
            && index.candidates(for: action).contains { policies[$0].concerns(agentId) && policies[$0].asksForRate }
    }
}

extension Policy {
    /// Whether it looks at requests of this agent.
    func concerns(_ agentId: String) -> Bool { self.agentId.map { $0 == agentId } ?? true }

    fileprivate var asksForRate: Bool { conditions.contains { $0.path == .ratePerHour } }
}
