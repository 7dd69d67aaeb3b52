extension PolicySet {
    /// Refuses rules that can never decide, because one without conditions comes before them.
    ///
    /// - Parameter isConcerned: Whether to look at this rule. Whoever adds one rule to others asks about that one only: a
    ///   new rule may well put all others out of force.
    /// - Throws: `PolicyError` with `unreachablePolicy` and a fault for each such rule.
    public func checkReachable(_ isConcerned: (Policy) -> Bool = { _ in true }) throws(PolicyError) {
        var everyone: Policy?
        var agents: [String: Policy] = [:]
        var faults: [PolicyError.Fault] = []
        for policy in policies {
            if let earlier = everyone ?? policy.agentId.flatMap({ agents[$0] }), isConcerned(policy) {
                faults.append(policy.unreachable(after: earlier))
            }
            guard policy.conditions.isEmpty else { continue }
            if let agent = policy.agentId {
                agents[agent] = agents[agent] ?? policy
            } else {
                everyone = everyone ?? policy
            }
        }
        if !faults.isEmpty { throw PolicyError(.unreachablePolicy, faults) }
    }
}

extension Policy {
    fileprivate func unreachable(after earlier: Policy) -> PolicyError.Fault {
        let rank = earlier.always ? "always" : "priority \(earlier.priority)"
        return PolicyError.Fault(
            policy: name, field: "conditions",
            message: "can never decide: \"\(earlier.name)\" (\(earlier.action.rawValue), \(rank)) matches every "
                + "request before; give this one a higher priority, or that one conditions")
    }
}
