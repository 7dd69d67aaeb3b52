import Encodings
import Fixtures
import Permissions
import Storage
import Testing
import Workspaces

@Suite("Stops")
struct StopTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"ask","priority":1,"conditions":{"action":{"equals":"x.y"}},"action":"require_approval"}"#,
            workspace)
        try await rooms.approveAll(workspace)
    }

    /// How a stop stands in the database before anything was ended.
    enum Stop: CaseIterable {
        case agentOff, agentDeleted, allOff, keyRevoked

        func commit(in transaction: any Transaction) throws {
            switch self {
            case .agentOff: try transaction.execute("UPDATE agent SET is_active = 0", [])
            case .agentDeleted: try transaction.execute("UPDATE agent SET is_active = 0, deleted_at = 1", [])
            case .allOff:
                try transaction.execute(
                    "INSERT INTO agent_stop (workspace, stopped_at) SELECT id, 1 FROM workspace", [])
            case .keyRevoked: try transaction.execute("UPDATE api_key SET revoked_at = 1 WHERE kind = 'agent'", [])
            }
        }
    }

    private func statuses() async throws -> [String: Int] {
        let rows = try await rooms.installation.database.read { transaction in
            try transaction.rows("SELECT status FROM permission", []).map { try $0.text(0) }
        }
        return Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private func revocations() async throws -> Int {
        try await rooms.auditTrail(workspace).filter { $0.hasPrefix("permission.revoked") }.count
    }

    @Test("a stop counts before anything that it ends was ended, and the rest is ended later", arguments: Stop.allCases)
    func countsAtOnce(_ stop: Stop) async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let verifier = try await rooms.verifier(workspace)
        let (granted, token) = try await rooms.granted(caller)
        let waiting = try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission
        let approved = try await rooms.requests.request(PermissionRooms.wish("x.y", resource: "r"), for: caller)
            .permission
        let approval = PermissionDecision(approved: true)
        _ = try await rooms.requests.decide(approved.id, approval, by: anna)
        try await rooms.installation.database.write { try stop.commit(in: $0) }

        #expect(
            try await rooms.requests.use(granted.id, token, details: nil, by: verifier)
                == .refused(.revoked, usesLeft: 0))
        #expect(try await rooms.requests.verify(granted.id, token, by: verifier) == .invalid(.revoked))
        let collected = try await rooms.requests.collect(approved.id, for: caller)
        #expect(collected.token == nil && collected.permission.status == .revoked)
        #expect(collected.permission.reason?.isEmpty == false)
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(waiting.id, approval, by: anna)
        }
        await #expect(throws: PermissionError.self) {
            try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        }
        #expect(try await statuses() == ["approved": 2, "pending": 1])

        try await rooms.agents.endStopped()
        #expect(try await statuses() == ["revoked": 3])
        #expect(try await revocations() == 3)
        #expect(rooms.outbox.kinds.filter { $0 == .revoked }.count == 3)
    }

    @Test("a caller who was let in before its key ended, or had more to prove, is handed nothing")
    func letInBefore() async throws {
        let (created, anna) = (try await rooms.agent(workspace), try await rooms.approver(workspace))
        let early = try await rooms.caller(created.key.secret.text).agent()
        let rotated = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(), origin: .system)
        let owner = try await rooms.caller(rotated.secret.text).agent()
        let asked = try await rooms.requests.request(PermissionRooms.wish("x.y"), for: owner).permission
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute(
                "UPDATE api_key SET revoked_at = 1 WHERE id = $1", [.text(created.key.key.id)])
        }
        await #expect(throws: PermissionError.workspace(.keyRevoked())) {
            try await rooms.requests.collect(asked.id, for: early)
        }
        _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
            $0.allowedAddresses = try AddressList([#require(AddressRange("10.0.0.0/8"))])
        }
        await #expect(throws: PermissionError.workspace(.addressNotAllowed())) {
            try await rooms.requests.collect(asked.id, for: owner)
        }
        _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
            $0.allowedAddresses = .everywhere
        }
        #expect(try await rooms.requests.collect(asked.id, for: owner).token != nil)
    }

    @Test("what a stopped key asked for is asked anew by the agent's other key")
    func askedAnew() async throws {
        let created = try await rooms.agent(workspace)
        let first = try await rooms.caller(created.key.secret.text).agent()
        let rotated = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(), origin: .system)
        let second = try await rooms.caller(rotated.secret.text).agent()
        let wish = try PermissionRooms.wish("x.y")
        let asked = try await rooms.requests.request(wish, for: first).permission
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute(
                "UPDATE api_key SET revoked_at = 1 WHERE id = $1", [.text(created.key.key.id)])
        }
        let again = try await rooms.requests.request(wish, for: second).permission
        #expect(again.id != asked.id && again.status == .pending)
        #expect(try await statuses() == ["revoked": 1, "pending": 1])
        #expect(try await revocations() == 1)
    }

    @Test("a token that is being signed while the agent is stopped is not handed out")
    func stoppedWhileSigning() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        rooms.database.before("SELECT workspace, id, mode") { try Stop.agentOff.commit(in: $0) }
        let collected = try await rooms.requests.collect(asked.id, for: caller)
        #expect(collected.token == nil && collected.permission.status == .revoked)
    }

    @Test(
        "a kill switch that is interrupted leaves nothing that works, and what is left is ended once, by whoever looks next"
    )
    func interrupted() async throws {
        let caller = try await rooms.agentCaller(workspace)
        var granted: [(permission: Permission, token: PermissionToken)] = []
        for _ in 0..<450 { granted.append(try await rooms.granted(caller)) }
        rooms.database.endAfter(units: 1)
        try await rooms.agents.stopAll(workspace: workspace.id, origin: .system)
        #expect(try await statuses() == ["revoked": 200, "approved": 250])
        rooms.database.beforeUnits(nil)
        let verifier = try await rooms.verifier(workspace)
        for (permission, token) in granted {
            #expect(try await rooms.requests.verify(permission.id, token, by: verifier) == .invalid(.revoked))
        }
        try await rooms.agents.endStopped()
        try await rooms.agents.endStopped()
        #expect(try await statuses() == ["revoked": 450])
        #expect(try await revocations() == 450)
    }

    @Test("what an interrupted stop left open does not come back to life when agents work again")
    func resumed() async throws {
        let created = try await rooms.agent(workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        let agents = rooms.agents
        let stops: [(off: () async throws -> Void, on: () async throws -> Void)] = [
            (
                { try await agents.stopAll(workspace: workspace.id, origin: .system) },
                { try await agents.resumeAll(workspace: workspace.id, origin: .system) }
            ),
            (
                {
                    _ = try await agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
                        $0.isActive = false
                    }
                },
                {
                    _ = try await agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
                        $0.isActive = true
                    }
                }
            ),
        ]
        for stop in stops {
            let (permission, token) = try await rooms.granted(caller)
            rooms.database.endAfter(units: 0)
            try await stop.off()
            await #expect(throws: PermissionError.unavailable("")) { try await stop.on() }
            rooms.database.beforeUnits(nil)
            try await stop.on()
            #expect(
                try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
                    == .refused(.revoked, usesLeft: 0))
            _ = try await rooms.granted(rooms.caller(created.key.secret.text).agent())
        }
    }

    @Test("a deleted agent's permissions are erased only after their end was written down")
    func deleted() async throws {
        let caller = try await rooms.agentCaller(workspace)
        _ = try await rooms.granted(caller)
        rooms.database.endAfter(units: 0)
        try await rooms.agents.delete(caller.agent.id, workspace: workspace.id, origin: .system)
        rooms.database.beforeUnits(nil)
        try await rooms.agents.prune()
        #expect(try await statuses() == ["approved": 1])
        try await rooms.agents.endStopped()
        try await rooms.agents.prune()
        #expect(try await statuses().isEmpty)
        #expect(try await revocations() == 1)
    }

    @Test("a row that nobody can read is ended with the others, and keeps none of them open")
    func unreadable() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let (broken, _) = try await rooms.granted(caller)
        _ = try await rooms.granted(caller)
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute("UPDATE permission SET mode = 'x' WHERE id = $1", [.text(broken.id)])
        }
        try await rooms.agents.stopAll(workspace: workspace.id, origin: .system)
        #expect(try await statuses() == ["revoked": 2])
        #expect(try await rooms.auditTrail(workspace).contains("permission.revoked failed unreadable"))
    }
}
