import JOSE

extension PolicyExplanation: CustomStringConvertible {
    /// For people: the decision, then a line for each rule and each of its conditions.
    public var description: String {
        var lines = ["\(verdict.action.rawValue): \(verdict.reason)"]
        if verdict.action != .deny { lines.append("scope: \(verdict.scope.value.description.shortened(to: 500))") }
        for (index, rule) in rules.enumerated() {
            let rank = rule.isAlways ? "always" : "priority \(rule.priority)"
            lines.append(
                "\(index + 1). \"\(rule.policy.name)\" (\(rule.action.rawValue), \(rank)) \(rule.outcome.rawValue)")
            lines += rule.conditions.map { condition in
                let test = "\(condition.field) \(condition.operation) \(condition.expected.shortText)"
                return "   \(condition.outcome.sign) \(test): \(condition.why)"
            }
        }
        return lines.joined(separator: "\n")
    }

    /// For machines: `{decision, reason, policy?, scope, rules: [{…, conditions: [{…}]}]}`.
    public var document: JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "decision", value: .string(verdict.action.rawValue)),
            .init(name: "reason", value: .string(verdict.reason)),
            .init(name: "scope", value: verdict.scope.value),
            .init(name: "rules", value: .array(rules.map(\.document))),
        ]
        if let policy = verdict.policy { members.insert(.init(name: "policy", value: policy.document), at: 2) }
        return .object(members)
    }
}

extension PolicyReference {
    /// `{id?, version, name}`.
    public var document: JSONValue {
        let identifier = id.map { [JSONValue.Member(name: "id", value: .string($0))] } ?? []
        return .object(
            identifier + [
                .init(name: "version", value: .integer(Int64(version))), .init(name: "name", value: .string(name)),
            ])
    }
}

extension PolicyExplanation.Rule {
    fileprivate var document: JSONValue {
        .object([
            .init(name: "policy", value: policy.document),
            .init(name: "action", value: .string(action.rawValue)),
            .init(name: "priority", value: .integer(Int64(priority))),
            .init(name: "always", value: .boolean(isAlways)),
            .init(name: "outcome", value: .string(outcome.rawValue)),
            .init(name: "conditions", value: .array(conditions.map(\.document))),
        ])
    }
}

extension PolicyExplanation.Condition {
    fileprivate var document: JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "field", value: .string(field)), .init(name: "operator", value: .string(operation)),
            .init(name: "expected", value: expected), .init(name: "outcome", value: .string(outcome.rawValue)),
            .init(name: "why", value: .string(why)),
        ]
        if let seen { members.insert(.init(name: "seen", value: seen), at: 3) }
        return .object(members)
    }
}

extension PolicyExplanation.Condition.Outcome {
    fileprivate var sign: String {
        switch self {
        case .holds: "✓"
        case .fails: "✗"
        case .unsure: "?"
        }
    }
}
