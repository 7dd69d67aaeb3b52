import JOSE

extension ConditionPath {
    /// What a request has at this path; nil where it has nothing.
    func value(in facts: PermissionFacts) -> JSONValue? {
        switch self {
        case .action: return .string(facts.action)
        case .resource: return facts.resource.map(JSONValue.string)
        case .agentId: return .string(facts.agentId)
        case .scope(let names): return Self.member(of: facts.scope.value, names)
        case .context(let names): return Self.member(of: facts.context, names)
        case .hour(let zone): return .integer(Int64(zone.reading(at: facts.now).hour))
        case .weekday(let zone): return .string(ConditionContent.weekdays[zone.reading(at: facts.now).weekday])
        // Null where nobody counted: no test is sure about null.
        case .ratePerHour: return facts.requestsInLastHour.map { .integer(Int64($0)) } ?? .null
        }
    }

    /// Walks own members only. Where the way leads through something that is no object, there is null at its end: no
    /// test is sure about null, so a text in the place of an object does not hide what a rule looks for. The same where
    /// there is a name with dots that somebody else could read as this path.
    private static func member(of value: JSONValue, _ names: [String]) -> JSONValue? {
        var value = value
        for (place, name) in names.enumerated() {
            guard case .object(let members) = value else { return .null }
            if members.contains(where: { $0.couldLead(along: names[place...]) }) { return .null }
            guard let next = members.first(where: { $0.name == name })?.value else { return nil }
            value = next
        }
        return value
    }
}

extension JSONValue.Member {
    /// Whether the name has dots and is one way to write this path or a piece of it: for `a.b` the names `a.b`, `a.b.c`.
    fileprivate func couldLead(along names: ArraySlice<String>) -> Bool {
        guard name.utf8.contains(UInt8(ascii: ".")) else { return false }
        return zip(name.split(separator: ".", omittingEmptySubsequences: false), names).allSatisfy { $0 == $1 }
    }
}

extension PolicyCondition {
    /// Whether the condition holds for a request.
    func finding(for facts: PermissionFacts) -> Finding { test.finding(for: path.value(in: facts)) }
}
