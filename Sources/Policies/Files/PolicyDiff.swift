import JOSE

/// What changes when one set of policies takes the place of another. Policies are the same if their names are.
public struct PolicyDiff: Sendable, CustomStringConvertible {
    /// Policies that only the new set has.
    public let added: [Policy]
    /// Policies that only the old set has.
    public let removed: [Policy]
    /// Policies that both have and that differ, each with the fields that do.
    public let changed: [Change]
    /// Whether policies that both have decide in another order, although neither's rank changed.
    public let isReordered: Bool

    /// A policy that differs.
    public struct Change: Sendable {
        public let before: Policy
        public let after: Policy
        public let fields: [Field]
    }

    /// A field that differs, such as `conditions.scope.amount.lessThan`; nil where it is absent.
    public struct Field: Sendable {
        public let name: String
        public let before: JSONValue?
        public let after: JSONValue?
    }

    /// Compares two sets. Of several policies with one name the first is compared with the first, and so on.
    public init(from old: [Policy], to new: [Policy]) {
        var rest = old
        var added: [Policy] = []
        var changed: [Change] = []
        for policy in new {
            guard let place = rest.firstIndex(where: { $0.name == policy.name }) else {
                added.append(policy)
                continue
            }
            let before = rest.remove(at: place)
            let fields = Field.differences(before.document, policy.document)
            if !fields.isEmpty { changed.append(Change(before: before, after: policy, fields: fields)) }
        }
        self.added = added
        removed = rest
        self.changed = changed
        isReordered = Self.order(old, among: new) != Self.order(new, among: old)
    }

    /// Whether nothing changes.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty && !isReordered }

    /// The names of those that are in both with the same rank, in the order in which they decide.
    private static func order(_ policies: [Policy], among others: [Policy]) -> [String] {
        var ranks: [String: Rank] = [:]
        for policy in others { ranks[policy.name] = Rank(policy) }
        return PolicySet.ordered(policies.filter { ranks[$0.name] == Rank($0) }).map(\.name)
    }

    private struct Rank: Equatable {
        let always: Bool
        let priority: Int
        let action: PolicyAction

        init(_ policy: Policy) {
            always = policy.always
            priority = policy.priority
            action = policy.action
        }
    }

    /// For people: a line for each policy, `+` added, `-` removed, `~` changed, and below it a line for each field.
    public var description: String {
        guard !isEmpty else { return "no changes" }
        var lines: [String] = []
        for policy in removed { lines.append("- \(Self.title(policy))") }
        for policy in added {
            lines.append("+ \(Self.title(policy))")
            lines += Field.differences(.object([]), policy.document).filter { $0.name != "name" && $0.name != "action" }
                .map { "    \($0.name): \($0.after?.shortText ?? "")" }
        }
        for change in changed {
            lines.append("~ \(Self.title(change.after))")
            lines += change.fields.map { field in
                "    \(field.name): \(field.before?.shortText ?? "(none)") → \(field.after?.shortText ?? "(none)")"
            }
        }
        if isReordered { lines.append("~ rules of equal rank decide in another order") }
        return lines.joined(separator: "\n")
    }

    private static func title(_ policy: Policy) -> String { "\"\(policy.name)\" (\(policy.action.rawValue))" }
}

extension PolicyDiff.Field {
    /// The leaves in which two documents differ, those of the old one first.
    static func differences(_ old: JSONValue, _ new: JSONValue) -> [Self] {
        let before = leaves(old)
        let after = leaves(new)
        var fields: [Self] = []
        for (name, value) in before {
            let other = after.first { $0.name == name }?.value
            if other.map({ !value.isSame(as: $0) }) ?? true {
                fields.append(Self(name: name, before: value, after: other))
            }
        }
        for (name, value) in after where !before.contains(where: { $0.name == name }) {
            fields.append(Self(name: name, before: nil, after: value))
        }
        return fields
    }

    /// All that is no object, by the names on the way to it, and empty objects.
    private static func leaves(_ value: JSONValue, at path: String = "") -> [(name: String, value: JSONValue)] {
        guard let members = value.members, !members.isEmpty else { return path.isEmpty ? [] : [(path, value)] }
        return members.flatMap { leaves($0.value, at: path.isEmpty ? $0.name : "\(path).\($0.name)") }
    }
}
