import Fixtures
import AuditLog
import JOSE
import Permissions
import Testing

@Suite("Deciding")
struct DecisionTests {
    let rooms: PermissionRooms

    init() async throws { rooms = try await PermissionRooms() }

    private func pending(_ caller: AgentCaller, scope: String = "{}") async throws -> Permission {
        let answer = try await rooms.requests.request(PermissionRooms.wish(scope: scope), for: caller)
        #expect(answer.permission.status == .pending)
        return answer.permission
    }

    @Test("an approval lets the agent collect the token, once, and the grant says who, how and what they saw")
    func approval() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent)
        #expect(try await rooms.requests.collect(asked.id, for: agent).token == nil)
        let decided = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        #expect(decided.status == .approved && decided.decision?.by == [anna.name])
        #expect(decided.decision?.channel == .api && decided.statement == asked.statement)
        let first = try await rooms.requests.collect(asked.id, for: agent)
        let second = try await rooms.requests.collect(asked.id, for: agent)
        #expect(first.token != nil && second.token == nil && second.permission.isCollected)
        let token = try #require(first.token)
        #expect(
            try await rooms.requests.use(asked.id, token, details: nil, by: .agent(agent)) == .done(usesLeft: 0))
        let trail = try await rooms.auditTrail(workspace).filter { $0.hasPrefix("permission.") }
        #expect(
            trail.map { $0.split(separator: " ").first.map(String.init) } == [
                "permission.requested", "permission.approved", "permission.collected", "permission.used",
            ])
        let digest = try #require(asked.statement?.digest)
        #expect(trail[1].contains("sha256:\(digest)"))
    }

    @Test("(2) of fifty collections at the same time one gets the token")
    func collectedOnce() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent)
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        let tokens = Recorded<PermissionToken>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    if let token = try await rooms.requests.collect(asked.id, for: agent).token { tokens.append(token) }
                }
            }
            try await group.waitForAll()
        }
        #expect(tokens.all.count == 1)
        let token = try #require(tokens.all.first)
        #expect(
            try await rooms.requests.use(asked.id, token, details: nil, by: .agent(agent)) == .done(usesLeft: 0))
    }

    @Test("(4) of twenty decisions at the same time one counts, and a denial leaves no valid token")
    func onceDecided() async throws {
        let workspace = try await rooms.workspace()
        let agent = try await rooms.agentCaller(workspace)
        let anna = try await rooms.approver(workspace)
        for _ in 0..<5 {
            let asked = try await pending(agent)
            let outcomes = Recorded<Bool?>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let decision = PermissionDecision(approved: number.isMultiple(of: 2))
                        do {
                            let decided = try await rooms.requests.decide(asked.id, decision, by: anna)
                            outcomes.append(decided.status == .approved)
                        } catch let error as PermissionError where error == .alreadyDecided() {
                            outcomes.append(nil)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counted = outcomes.all.compactMap { $0 }
            #expect(counted.count == 1 && outcomes.all.count == 20)
            let isApproved = counted.first == true
            let collected = try await rooms.requests.collect(asked.id, for: agent)
            #expect(collected.permission.status == (isApproved ? .approved : .denied))
            #expect((collected.token != nil) == isApproved)
        }
    }

    @Test("a denial carries the approver's reason to the agent")
    func denial() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent)
        _ = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: false, reason: "Not today."), by: anna)
        let seen = try await rooms.requests.collect(asked.id, for: agent)
        #expect(seen.permission.status == .denied && seen.permission.reason == "Not today." && seen.token == nil)
    }

    @Test("(12) an approver's changes narrow: the lower number, the common values, what only one side names")
    func narrowing() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(
            agent, scope: #"{"max_amount":100,"allowed_accounts":["a","b"],"max_uses":3,"note":"x"}"#)
        let changes = try PermissionRooms.json(
            #"{"max_amount":500,"allowed_accounts":["b","c"],"max_uses":2,"min_amount":10}"#)
        let decided = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: true, scopeModifications: changes), by: anna)
        let granted = try #require(try decided.granted?.value())
        #expect(granted["max_amount"]?.double == 100 && granted["min_amount"]?.double == 10)
        #expect(granted["allowed_accounts"] == .array([.string("b")]) && decided.usesLeft == 2)
    }

    @Test(
        "(12) a change that would limit nothing is refused and named, and the request still waits",
        arguments: [
            (#"{"x":true}"#, ["x"]), (#"{"max_amount":5,"send":true,"max_uses":3}"#, ["send", "max_uses"]),
            (#"{"require_details":false}"#, ["require_details"]),
        ])
    func withoutEffect(changes: String, names: [String]) async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent, scope: #"{"max_amount":100}"#)
        let decision = PermissionDecision(approved: true, scopeModifications: try PermissionRooms.json(changes))
        await #expect {
            try await rooms.requests.decide(asked.id, decision, by: anna)
        } throws: { error in
            let error = error as? PermissionError
            return error == .scopeNotNarrowed([])
                && error?.fields.map(\.field) == names.map { "scopeModifications.\($0)" }
        }
        let seen = try await rooms.requests.permission(asked.id, workspace: workspace.id)
        #expect(seen.status == .pending && seen.granted == asked.granted)
        #expect(try await rooms.auditTrail(workspace).last?.contains("permission.decided refused") == true)
    }

    @Test("(12) of a flag both have to say true: false forbids it, true leaves it as it was asked for")
    func flags() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent, scope: #"{"send":true,"copy":true,"admin":false}"#)
        let changes = try PermissionRooms.json(#"{"send":false,"copy":true,"admin":true,"delete":false}"#)
        let decided = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: true, scopeModifications: changes), by: anna)
        let granted = try #require(try decided.granted?.value())
        #expect(["send", "copy", "admin", "delete"].map { granted[$0] } == [false, true, false, false])
    }

    @Test("(12) changes that leave nothing are a denial")
    func nothingLeft() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent, scope: #"{"allowed_accounts":["a"]}"#)
        let changes = try PermissionRooms.json(#"{"allowed_accounts":["z"]}"#)
        let decided = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: true, scopeModifications: changes), by: anna)
        #expect(decided.status == .denied)
        #expect(try await rooms.requests.collect(asked.id, for: agent).token == nil)
    }

    @Test("(1) an agent's key and a verifier's decide nothing, whoever's request it is")
    func agentsDoNotDecide() async throws {
        let workspace = try await rooms.workspace()
        let key = try await rooms.agent(workspace).key.secret.text
        let caller = try await rooms.caller(key)
        #expect(throws: PermissionError.notPermitted(to: .decide)) { try caller.approver() }
        #expect(throws: PermissionError.notPermitted(to: .administer)) { try caller.operator() }
        let verifier = try await rooms.installation.keys.create(
            workspace: workspace.id, kind: .verifier, name: "", origin: .system)
        let service = try await rooms.caller(verifier.secret.text)
        #expect(throws: PermissionError.notPermitted(to: .decide)) { try service.approver() }
    }

    @Test("an approver decides and administers nothing; an operator does both")
    func roles() async throws {
        let workspace = try await rooms.workspace()
        let anna = try await rooms.approver(workspace)
        #expect(throws: PermissionError.notPermitted(to: .administer)) {
            try PermissionCaller.approver(anna).operator()
        }
        let key = try await rooms.installation.keys.create(
            workspace: workspace.id, kind: .operator, name: "", origin: .system)
        let administrator = try await rooms.caller(key.secret.text).operator()
        let asked = try await pending(rooms.agentCaller(workspace))
        let decided = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: administrator)
        #expect(decided.decision?.by == ["key:\(key.key.id)"])
    }

    @Test("a decision whose turn comes after the request's time is none, however early it was made")
    func tooLate() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let waited = try await pending(agent)
        rooms.database.beforeUnits { [rooms] in rooms.time.advance(seconds: PermissionWish.usualLifetime) }
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(waited.id, PermissionDecision(approved: true), by: anna)
        }
        rooms.database.beforeUnits(nil)
        let shortened = try await rooms.requests.request(PermissionRooms.wish("c.d"), for: agent).permission
        rooms.database.before("UPDATE permission SET status") { transaction in
            try transaction.execute("UPDATE permission SET expires_at = 1 WHERE id = $1", [.text(shortened.id)])
        }
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(shortened.id, PermissionDecision(approved: true), by: anna)
        }
    }

    @Test("whoever may no longer decide decides nothing, though let in before: switched off, key revoked or over")
    func noLongerInForce() async throws {
        let workspace = try await rooms.workspace()
        let asked = try await pending(rooms.agentCaller(workspace))
        let approval = PermissionDecision(approved: true)
        let anna = try await rooms.approver(workspace)
        let person = try #require(anna.person)
        let onPage = ApproverCaller(
            workspace: workspace, role: .approver, person: person, channel: .page,
            origin: RequestOrigin(principal: .approver(person), request: "", address: ""))
        try await rooms.approvers.setActive(false, person, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.notPermitted(to: .decide)) {
            try await rooms.requests.decide(asked.id, approval, by: onPage)
        }
        await #expect(throws: PermissionError.workspace(.keyRevoked())) {
            try await rooms.requests.decide(asked.id, approval, by: anna)
        }
        #expect(
            try await rooms.auditTrail(workspace).suffix(2) == [
                "permission.decided refused notPermitted", "permission.decided refused keyRevoked",
            ])
        let key = try await rooms.installation.keys.create(
            workspace: workspace.id, kind: .operator, name: "", lifetime: 1, origin: .system)
        rooms.time.advance(seconds: 86_399)
        let administrator = try await rooms.caller(key.secret.text).approver()
        let later = try await rooms.requests.request(
            PermissionRooms.wish("c.d"), for: rooms.agentCaller(workspace)
        ).permission
        rooms.time.advance(seconds: 1)
        await #expect(throws: PermissionError.workspace(.keyExpired())) {
            try await rooms.requests.decide(later.id, approval, by: administrator)
        }
        #expect(try await rooms.requests.permission(later.id, workspace: workspace.id).status == .pending)
    }

    @Test("an approver who saw another text approves nothing")
    func statements() async throws {
        let workspace = try await rooms.workspace()
        let (agent, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await pending(agent)
        await #expect(throws: PermissionError.statementChanged()) {
            try await rooms.requests.decide(
                asked.id, PermissionDecision(approved: true, statementDigest: "00"), by: anna)
        }
        let decided = try await rooms.requests.decide(
            asked.id, PermissionDecision(approved: true, statementDigest: asked.statement?.digest), by: anna)
        #expect(decided.status == .approved)
    }
}
