import JOSE

/// Why the policies say what they say to one request: each rule in the order in which they decide, each condition, what
/// was seen there.
public struct PolicyExplanation: Sendable, Equatable {
    /// What `PolicySet.evaluate` says.
    public let verdict: PolicyVerdict
    /// All active rules; none where the denial was simulated.
    public let rules: [Rule]

    /// One rule.
    public struct Rule: Sendable, Equatable {
        /// What became of it.
        public enum Outcome: String, Sendable {
            /// It is the first that matches.
            case decides
            case doesNotMatch = "does not match"
            /// It is another agent's.
            case otherAgent = "is for another agent"
            /// One before it decided.
            case notReached = "is not reached"
        }

        public let policy: PolicyReference
        public let action: PolicyAction
        public let priority: Int
        public let isAlways: Bool
        public let outcome: Outcome
        /// All of its conditions; none where it was not asked.
        public let conditions: [Condition]
    }

    /// One condition.
    public struct Condition: Sendable, Equatable {
        /// Whether it holds.
        public enum Outcome: String, Sendable {
            case holds
            case fails
            /// It cannot be told; a rule that denies or asks a person counts that as a match, one that approves does not.
            case unsure
        }

        /// What it looks at, such as `scope.amount`.
        public let field: String
        /// Such as `lessThan`.
        public let operation: String
        /// What it compares with.
        public let expected: JSONValue
        /// What the request has there; nil where it has nothing.
        public let seen: JSONValue?
        public let outcome: Outcome
        /// In words, such as `50 is there`.
        public let why: String
    }
}

extension PolicySet {
    /// What the policies say to a request, and why. It looks at every rule, so it takes longer than `evaluate`.
    public func explain(_ facts: PermissionFacts) -> PolicyExplanation {
        if facts.simulatesDenial { return PolicyExplanation(verdict: .simulatedDenial(facts), rules: []) }
        var deciding: Policy?
        var rules: [PolicyExplanation.Rule] = []
        for policy in policies {
            let rule = policy.explanation(for: facts, isReached: deciding == nil)
            if rule.outcome == .decides { deciding = policy }
            rules.append(rule)
        }
        return PolicyExplanation(verdict: deciding?.verdict(on: facts) ?? .withoutPolicy(facts), rules: rules)
    }
}

extension Policy {
    fileprivate func explanation(for facts: PermissionFacts, isReached: Bool) -> PolicyExplanation.Rule {
        guard isReached else { return rule(.notReached) }
        guard concerns(facts.agentId) else { return rule(.otherAgent) }
        let findings = conditions.map { $0.finding(for: facts) }
        let matches = action.matches(findings.reduce(.holds) { $0.and($1) })
        let explained = zip(conditions, findings).map { condition, finding in
            let seen = condition.path.value(in: facts)
            return PolicyExplanation.Condition(
                field: condition.field, operation: condition.operation, expected: condition.expected, seen: seen,
                outcome: finding.outcome, why: condition.why(finding, seen, in: action))
        }
        return rule(matches ? .decides : .doesNotMatch, explained)
    }

    private func rule(
        _ outcome: PolicyExplanation.Rule.Outcome, _ conditions: [PolicyExplanation.Condition] = []
    ) -> PolicyExplanation.Rule {
        PolicyExplanation.Rule(
            policy: reference, action: action, priority: priority, isAlways: always, outcome: outcome,
            conditions: conditions)
    }
}

extension Finding {
    fileprivate var outcome: PolicyExplanation.Condition.Outcome {
        switch self {
        case .holds: .holds
        case .fails: .fails
        case .unsure: .unsure
        }
    }
}

extension PolicyCondition {
    fileprivate func why(_ finding: Finding, _ seen: JSONValue?, in action: PolicyAction) -> String {
        let found =
            switch (seen, finding) {
            case (nil, _): "the request has nothing there"
            case (let seen?, .unsure): "\(seen.shortText) is there, which cannot be compared"
            case (let seen?, _): "\(seen.shortText) is there"
            }
        guard finding == .unsure else { return found }
        return found + (action == .autoApprove ? "; never enough to approve" : "; counts as a match, to be safe")
    }
}

extension JSONValue {
    /// The value as JSON on one line, at most 80 characters.
    var shortText: String { description.shortened(to: 80) }
}
