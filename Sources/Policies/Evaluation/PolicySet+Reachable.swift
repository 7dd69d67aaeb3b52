extension PolicySet {
    /// Refuses rules that can never decide, because one before them matches whatever they match.
    ///
    /// Found is what follows from the rules one by one: an earlier rule for the same agents, or for all, each of whose
    /// conditions follows from one of the later rule's. A rule that several earlier ones exhaust together is not found.
    ///
    /// - Parameter isConcerned: Whether to look at this rule. Whoever adds one rule to others asks about that one only: a
    ///   new rule may well put all others out of force.
    /// - Throws: `PolicyError` with `unreachablePolicy` and a fault for each such rule.
    public func checkReachable(_ isConcerned: (Policy) -> Bool = { _ in true }) throws(PolicyError) {
        var faults: [PolicyError.Fault] = []
        for (place, policy) in policies.enumerated() where isConcerned(policy) {
            let before = policies[..<place].filter { $0.matchesWhatever(policy) }
            // The plainest reason is told.
            guard let earlier = before.first(where: { $0.conditions.isEmpty }) ?? before.first else { continue }
            faults.append(policy.unreachable(after: earlier))
        }
        if !faults.isEmpty { throw PolicyError(.unreachablePolicy, faults) }
    }
}

extension Policy {
    /// Whether this policy matches every request that `other` matches, as far as that can be told from their conditions.
    fileprivate func matchesWhatever(_ other: Policy) -> Bool {
        guard agentId == nil || agentId == other.agentId else { return false }
        // A value of the wrong type is no match for an approval and one for the others; an action always is a text.
        guard action != .autoApprove || conditions.allSatisfy({ $0.path == .action }) else { return false }
        return conditions.allSatisfy { condition in other.conditions.contains { $0.implies(condition) } }
    }

    fileprivate func unreachable(after earlier: Policy) -> PolicyError.Fault {
        let rank = earlier.always ? "always" : "priority \(earlier.priority)"
        return PolicyError.Fault(
            policy: name, field: "conditions",
            message: "can never decide: \"\(earlier.name)\" (\(earlier.action.rawValue), \(rank)) matches every "
                + "\(earlier.conditions.isEmpty ? "" : "such ")request before; give this one a higher priority, or "
                + "that one \(earlier.conditions.isEmpty ? "" : "more ")conditions")
    }
}

extension PolicyCondition {
    /// Whether `other` holds for every request for which this condition holds.
    fileprivate func implies(_ other: PolicyCondition) -> Bool {
        guard path == other.path else { return false }
        if test == other.test { return true }
        guard let values = test.onlyTexts else {
            guard case .startsWith(let longer) = test, case .startsWith(let prefix) = other.test else { return false }
            return longer.utf8.starts(with: prefix.utf8)
        }
        switch other.test {
        case .startsWith(let prefix): return values.allSatisfy { $0.utf8.starts(with: prefix.utf8) }
        case .isIn(let allowed): return values.allSatisfy { allowed.contains(.string($0)) }
        case .equals(.string(let text)): return values.allSatisfy { $0.utf8.elementsEqual(text.utf8) }
        default: return false
        }
    }
}

extension ConditionTest {
    /// The only texts for which the test holds; nil where others may be among them.
    fileprivate var onlyTexts: [String]? {
        switch self {
        case .equals(.string(let text)): return [text]
        case .isIn(let values):
            let texts = values.compactMap(\.text)
            return texts.count == values.count ? texts : nil
        default: return nil
        }
    }
}
