import Crypto
import Encodings
import JOSE
import Policies
import Workspaces

/// A wish that was read and checked, before anybody decided about it.
struct PermissionDraft: Sendable {
    let wish: PermissionWish
    let caller: AgentCaller
    let now: Int64
    /// What policies look at, without the rate.
    let facts: PermissionFacts
    let scope: StoredJSON
    let context: StoredJSON
    /// See ``Permission/digest``.
    let digest: [UInt8]

    /// Throws `invalidFields` with everything that is wrong.
    init(_ wish: PermissionWish, for caller: AgentCaller, now: Int64) throws(PermissionError) {
        var faults = Self.faults(in: wish)
        var scope = Scope.unlimited
        do { scope = try Scope(wish.scope) } catch { faults += error.faults }
        var facts: PermissionFacts?
        do { facts = try Self.facts(wish, scope, caller, now) } catch { faults += error.faults }
        guard faults.isEmpty, let facts else { throw .invalidFields(faults) }
        let scopeText = try Self.canonical(scope.value, "scope")
        let context = try Self.canonical(wish.context, "context")
        self.wish = wish
        self.caller = caller
        self.now = now
        self.facts = facts
        self.scope = StoredJSON(text: scopeText)
        self.context = StoredJSON(text: context)
        digest = Self.digest(wish, agent: caller.agent.id, scope: scopeText, context: context)
    }

    /// What policies look at, with the rate.
    func facts(requestsInLastHour: Int) throws(PolicyError) -> PermissionFacts {
        try Self.facts(wish, facts.scope, caller, now, requestsInLastHour)
    }

    private static func faults(in wish: PermissionWish) -> [PolicyError.Fault] {
        var faults: [PolicyError.Fault] = []
        if !PermissionWish.lifetimes.contains(wish.lifetime) {
            let (least, most) = (PermissionWish.lifetimes.lowerBound, PermissionWish.lifetimes.upperBound)
            faults.append(.init(field: "ttl", message: "must be \(least) to \(most) seconds"))
        }
        if let resource = wish.resource, !VisibleText.isStorable(resource) {
            faults.append(.init(field: "resource", message: "must not contain U+0000"))
        }
        return faults
    }

    private static func facts(
        _ wish: PermissionWish, _ scope: Scope, _ caller: AgentCaller, _ now: Int64, _ requestsInLastHour: Int? = nil
    ) throws(PolicyError) -> PermissionFacts {
        try PermissionFacts(
            action: wish.action, resource: wish.resource, agentId: caller.agent.id, scope: scope,
            context: wish.context, isTest: caller.mode == .test, now: now, requestsInLastHour: requestsInLastHour)
    }

    /// The text that is stored, one for each value.
    private static func canonical(_ value: JSONValue, _ field: String) throws(PermissionError) -> String {
        do { return String(decoding: try value.canonicalText(), as: UTF8.self) } catch {
            throw .invalidField(field, "has numbers that cannot be kept")
        }
    }

    /// SHA-256 over RFC 8785 JSON, whose parts are canonical already and whose names stand in order.
    private static func digest(_ wish: PermissionWish, agent: String, scope: String, context: String) -> [UInt8] {
        var text = Array(#"{"action":"#.utf8)
        JSONText.appendQuoted(wish.action, to: &text)
        text += Array(#","agentId":"#.utf8)
        JSONText.appendQuoted(agent, to: &text)
        text += Array(#","context":"#.utf8) + Array(context.utf8) + Array(#","resource":"#.utf8)
        if let resource = wish.resource {
            JSONText.appendQuoted(resource, to: &text)
        } else {
            text += Array("null".utf8)
        }
        text += Array(#","scope":"#.utf8) + Array(scope.utf8) + [UInt8(ascii: "}")]
        return Array(SHA256.hash(data: text))
    }
}
