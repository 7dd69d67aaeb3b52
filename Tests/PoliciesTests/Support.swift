import JOSE
import Testing

@testable import Policies

/// JSON from its text.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

/// A policy from its document; `name` and `action` where the text has none.
func policy(_ text: String, id: String? = nil) throws -> Policy {
    var members = try json(text).members ?? []
    for (name, value) in [("name", "A rule"), ("action", "deny")] where !members.contains(where: { $0.name == name }) {
        members.append(.init(name: name, value: .string(value)))
    }
    if !members.contains(where: { $0.name == "conditions" }) {
        members.append(.init(name: "conditions", value: .object([])))
    }
    return try Policy(reading: .object(members), id: id)
}

/// A set of policies from their documents.
func policies(_ texts: String...) throws -> PolicySet { try PolicySet(texts.map { try policy($0) }) }

/// What a request presents: midnight of 1 January 2026 in UTC, a Thursday, unless said otherwise.
func facts(
    _ action: String, resource: String? = nil, agent: String = "agent-1", scope: String = "{}", context: String = "{}",
    isTest: Bool = false, now: Int64 = 1_767_225_600_000, rate: Int? = nil
) throws -> PermissionFacts {
    try PermissionFacts(
        action: action, resource: resource, agentId: agent, scope: Scope(try json(scope)), context: try json(context),
        isTest: isTest, now: now, requestsInLastHour: rate)
}

/// The faults of a policy, as somebody reads them; empty where it is accepted.
func faults(_ text: String) throws -> [String] {
    do {
        _ = try policy(text)
        return []
    } catch let error as PolicyError {
        return error.faults.map(\.description)
    }
}
