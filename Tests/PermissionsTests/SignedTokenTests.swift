import Fixtures
import JOSE
import Permissions
import Testing
import Workspaces

@Suite("Signed tokens")
struct SignedTokenTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    /// What a service reads that has nothing but the key set.
    private func claims(_ token: PermissionToken, keySet: String? = nil) throws -> JSONValue {
        let keys = try JSONWebKeySet(json: Array((keySet ?? rooms.installation.signingKeys.keySet).utf8))
        let verified = try JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(token.value)
        #expect(verified.header.isOfType("permission+jwt"))
        return try JSONValue(parsing: verified.payload)
    }

    private func ask(_ caller: AgentCaller, scope: String = "{}") async throws -> PermissionAnswer {
        try await rooms.requests.request(
            PermissionRooms.wish("bank.transfer", resource: "account 7", scope: scope, format: .jwt), for: caller)
    }

    @Test("a service checks one with the key set alone: who, for whom, what, how much, until when, and whose key")
    func offline() async throws {
        try await rooms.approveAll(workspace)
        let client = try SealedClient()
        let created = try await rooms.agent(workspace) { $0.clientKey = client.key }
        let key = created.key.secret.text
        let proof = try client.possession(
            method: "POST", address: PermissionRooms.address, token: key, now: rooms.now)
        let caller = try await rooms.caller(key, proof: proof).agent()
        let answer = try await ask(caller, scope: #"{"max_amount":100}"#)
        let token = try #require(answer.token)
        let claims = try claims(token)
        #expect(claims["iss"]?.text == Installation.issuer && claims["aud"]?.text == workspace.id)
        #expect(claims["sub"]?.text == caller.agent.id && claims["client_id"]?.text == caller.agent.id)
        #expect(claims["exp"] == .integer(answer.permission.expiresAt / 1000) && claims["test"] == nil)
        #expect(claims["cnf"]?["jkt"]?.text == client.key.thumbprint && claims["jti"]?.text?.isEmpty == false)
        let details = try #require(claims["authorization_details"]?.elements)
        #expect(details.count == 1 && details[0]["type"]?.text == "countersign-permission")
        #expect(details[0]["identifier"]?.text == answer.permission.id)
        #expect(details[0]["actions"] == .array([.string("bank.transfer")]))
        #expect(details[0]["resource"]?.text == "account 7" && details[0]["scope"]?["max_amount"]?.double == 100)
    }

    @Test("it is redeemed once, also by fifty services at the same time")
    func redeemedOnce() async throws {
        try await rooms.approveAll(workspace)
        let answer = try await ask(rooms.agentCaller(workspace))
        let token = try #require(answer.token)
        let verifier = try await rooms.verifier(workspace)
        guard case .valid = try await rooms.requests.verify(answer.permission.id, token, by: verifier) else {
            Issue.record("the token is not known")
            return
        }
        let uses = Recorded<TokenUse>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    uses.append(
                        try await rooms.requests.use(answer.permission.id, token, details: nil, by: verifier))
                }
            }
            try await group.waitForAll()
        }
        #expect(uses.all.filter { $0 == .done(usesLeft: 0) }.count == 1)
    }

    @Test("one that was changed, or signed again, is none")
    func forged() async throws {
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (one, other) = (try await ask(caller), try await ask(caller))
        let verifier = try await rooms.verifier(workspace)
        let token = try #require(one.token)
        for value in [token.value + "A", String(token.value.dropLast()), try #require(other.token).value] {
            let finding = try await rooms.requests.verify(
                one.permission.id, PermissionToken(presented: value), by: verifier)
            #expect(finding == .invalid(.wrongToken))
        }
    }

    @Test("after people approved it, it is signed for the granted scope and collected once")
    func collected() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await ask(caller, scope: #"{"max_amount":100}"#).permission
        let narrower = try PermissionRooms.json(#"{"max_amount":10}"#)
        _ = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: true, scopeModifications: narrower), by: anna)
        let tokens = Recorded<PermissionToken>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    if let token = try await rooms.requests.collect(asked.id, for: caller).token {
                        tokens.append(token)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(tokens.all.count == 1)
        let claims = try claims(try #require(tokens.all.first))
        #expect(claims["authorization_details"]?.elements?[0]["scope"]?["max_amount"]?.double == 10)
    }

    @Test("a scope that no signed token holds is refused when it is asked for or decided, not when it is collected")
    func tooLong() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let half = String(repeating: "x", count: 9_000)
        // What people are asked about is shown to them whole, and so is smaller.
        let pieces = (0..<5).map { #""n\#($0)":"\#(half.prefix(1_900))""# }.joined(separator: ",")
        let values = (0..<200).map { #""\#($0)\#(half.prefix(50))""# }.joined(separator: ",")
        let policy = try await rooms.policy(
            #"{"name":"all","conditions":{},"matchAll":true,"action":"auto_approve","scopeTemplate":{"a":"\#(half)","b":"\#(half)"}}"#,
            workspace)
        let error = await #expect(throws: PermissionError.self) {
            try await ask(caller, scope: #"{"a":"\#(half)"}"#)
        }
        #expect(error?.fields.first?.field == "tokenFormat" && error?.fields.first?.message.contains("16384") == true)
        #expect(try await rooms.requests.list(PermissionFilter(), workspace: workspace.id, .first).total == 0)
        try await rooms.policies.delete(policy.id, workspace: workspace.id, origin: .system)
        let asked = try await ask(caller, scope: "{\(pieces)}").permission
        let wider = try PermissionRooms.json(#"{"allowed_accounts":[\#(values)]}"#)
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.requests.decide(
                asked.id, PermissionDecision(approved: true, scopeModifications: wider), by: anna)
        }
        #expect(try await rooms.requests.permission(asked.id, workspace: workspace.id).status == .pending)
    }

    @Test("a test key's token says so, and is signed by a key that no live verifier trusts")
    func testKeys() async throws {
        let answer = try await ask(rooms.agentCaller(workspace, mode: .test))
        let token = try #require(answer.token)
        let keys = rooms.installation.signingKeys
        #expect(try claims(token, keySet: keys.testKeySet)["test"] == .boolean(true))
        let live = try await ask(rooms.agentCaller(workspace, mode: .live))
        #expect(live.permission.status == .pending)
        #expect(throws: JOSEError.self) {
            let current = try keys.current(.permission(.live))
            let all = try JSONWebKeySet(json: Array(keys.keySet.utf8)).keys
            let liveOnly = try JSONWebKeySet(all.filter { $0.identifier == current })
            _ = try JSONWebSignatureVerifier(keys: liveOnly).verify(token.value)
        }
    }

    @Test("while the enclave is gone nothing is handed out, and afterwards the agent collects it")
    func enclaveGone() async throws {
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        rooms.installation.enclave.goDown()
        await #expect(throws: PermissionError.unavailable("")) { try await ask(caller) }
        let stored = try await rooms.requests.list(PermissionFilter(), workspace: workspace.id, .first)
        let permission = try #require(stored.items.first)
        #expect(permission.status == .approved && !permission.isCollected)
        // An opaque token needs no enclave.
        _ = try await rooms.granted(caller)
        try await rooms.installation.restartEnclave()
        let token = try #require(try await rooms.requests.collect(permission.id, for: caller).token)
        #expect(
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
                == .done(usesLeft: 0))
    }
}
