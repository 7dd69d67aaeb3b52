import EnclaveLink
import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Strangers")
struct TenancyTests {
    @Test("(1) (22) another workspace's permission is not there for anybody, and stays as it was")
    func workspaces() async throws {
        let rooms = try await PermissionRooms()
        let (workspace, other) = (try await rooms.workspace(), try await rooms.workspace())
        let caller = try await rooms.agentCaller(workspace)
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        let strangers = (
            agent: try await rooms.agentCaller(other), approver: try await rooms.approver(other),
            administrator: try await rooms.approver(other, "boss", role: .operator),
            verifier: try await rooms.verifier(other)
        )
        let token = PermissionToken(presented: "otp_x")
        for id in [asked.id, "perm_unknown"] {
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.decide(id, PermissionDecision(approved: true), by: strangers.approver)
            }
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.collect(id, for: strangers.agent)
            }
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.permission(id, workspace: other.id)
            }
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.use(id, token, details: nil, by: strangers.verifier)
            }
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.verify(id, token, by: .agent(strangers.agent))
            }
            await #expect(throws: PermissionError.notFound("")) {
                try await rooms.requests.revoke(id, reason: nil, by: .approver(strangers.administrator))
            }
        }
        #expect(try await rooms.requests.list(PermissionFilter(), workspace: other.id, .first).total == 0)
        #expect(try await rooms.requests.permission(asked.id, workspace: workspace.id) == asked)
    }

    @Test("(22) another agent of the same workspace sees, uses and revokes nothing")
    func agents() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let (owner, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        let (permission, token) = try await rooms.granted(owner)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.collect(permission.id, for: other)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(other))
        }
        let own = try await rooms.requests.list(
            PermissionFilter(agent: other.agent.id), workspace: workspace.id, .first)
        #expect(own.total == 0)
    }

    @Test("a policy of another workspace is not there, and decides nothing here")
    func policies() async throws {
        let rooms = try await PermissionRooms()
        let (workspace, other) = (try await rooms.workspace(), try await rooms.workspace())
        try await rooms.approveAll(other)
        let foreign = try await rooms.policies.all(workspace: other.id).policies[0].id
        let caller = try await rooms.agentCaller(workspace)
        #expect(
            try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission.status == .pending)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.policy(foreign, workspace: workspace.id)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.delete(foreign, workspace: workspace.id, origin: .system)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.change(foreign, workspace: workspace.id, origin: .system) { $0 }
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.document(foreign, version: 1, workspace: workspace.id)
        }
        let agent = try await rooms.agentCaller(other).agent.id
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.policy(
                #"{"name":"x","agentId":"\#(agent)","conditions":{},"action":"deny"}"#, workspace)
        }
    }
}

@Suite("Live and test")
struct ModeTests {
    @Test("an agent's test key lists what test keys asked for, and nothing live")
    func lists() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let created = try await rooms.agent(workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        _ = try await rooms.requests.request(PermissionRooms.wish("file.read"), for: caller)
        for (mode, count) in [(ChallengeMode.live, 1), (.test, 0)] {
            let page = try await rooms.requests.list(
                PermissionFilter(agent: created.agent.id, mode: mode), workspace: workspace.id, .first)
            #expect(page.total == count && page.items.count == count)
        }
    }
}
