import JOSE

extension Policy {
    /// The policy as its document, which `Policy(reading:)` reads as the same policy: what the store keeps and the wire
    /// shows, without id and version. What is as it would be without being written is left out, `priority` and
    /// `isActive` excepted.
    public var document: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append(.init(name: name, value: value)) }
        }
        add("name", .string(name))
        add("description", description.map(JSONValue.string))
        add("priority", .integer(Int64(priority)))
        add("agentId", agentId.map(JSONValue.string))
        add("conditions", conditionsDocument)
        add("action", .string(action.rawValue))
        for (name, isSet) in [("always", always), ("matchAll", matchAll), ("trustContext", trustContext)] where isSet {
            add(name, .boolean(true))
        }
        add("scopeTemplate", scopeTemplate?.value)
        if approval.approvers > 1 { add("approvers", .integer(Int64(approval.approvers))) }
        if approval.numberMatching { add("numberMatching", .boolean(true)) }
        add("isActive", .boolean(isActive))
        return .object(members)
    }

    /// The conditions by what they look at, in the order in which that is first named.
    private var conditionsDocument: JSONValue {
        var groups: [(name: String, tests: [JSONValue.Member])] = []
        for condition in conditions {
            let test = JSONValue.Member(name: condition.operation, value: condition.expected)
            if let place = groups.firstIndex(where: { $0.name == condition.field }) {
                groups[place].tests.append(test)
            } else {
                groups.append((condition.field, (condition.path.zone.map { [$0] } ?? []) + [test]))
            }
        }
        return .object(groups.map { .init(name: $0.name, value: .object($0.tests)) })
    }
}

extension ConditionPath {
    /// The member that names the zone, where it is not the usual one.
    fileprivate var zone: JSONValue.Member? {
        switch self {
        case .hour(let zone) where zone != .utc, .weekday(let zone) where zone != .utc:
            JSONValue.Member(name: "zone", value: .string(zone.name))
        default: nil
        }
    }
}
