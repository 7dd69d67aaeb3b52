import JOSE
import Policies

/// A request that somebody tries policies on. What the server knows of real ones is made up by whoever asks.
struct TestedRequest {
    private let action: String
    private let resource: String?
    private let agent: String
    private let scope: JSONValue
    private let context: JSONValue
    private let rate: Int?

    /// Reads `{action, resource?, agentId?, scope?, context?, rate?}`. Throws `invalidFields`.
    init(_ body: inout BodyReader) throws {
        action = body.text("action", 1...ActionName.longest)
        resource = body.optionalText("resource", 0...PermissionFacts.longestResource)
        agent = body.optionalText("agentId", 1...255) ?? ""
        scope = body.objectOrEmpty("scope")
        context = body.objectOrEmpty("context")
        rate = body.integer("rate", 0...1_000_000)
        try body.check()
    }

    /// Throws `PolicyError`.
    func facts(now: Int64) throws -> PermissionFacts {
        try PermissionFacts(
            action: action, resource: resource, agentId: agent, scope: Scope(scope), context: context, now: now,
            requestsInLastHour: rate ?? 0)
    }
}
