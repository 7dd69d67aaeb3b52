import Encodings
import Fixtures
import JOSE
import Permissions
import Storage
import Testing
import Workspaces

@Suite("Agents")
struct AgentTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    @Test("what is stored about an agent is read back")
    func roundTrip() async throws {
        let anna = try await rooms.approver(workspace)
        let client = try SealedClient()
        let created = try await rooms.agent(workspace) {
            $0.description = "Pays\nbills"
            $0.metadata = .object([.init(name: "team", value: .string("finance"))])
            $0.originator = "ANNA@example.com"
            $0.clientKey = client.key
            $0.allowedAddresses = AddressList(
                [AddressRange("192.0.2.0/24"), AddressRange("2001:db8::1")].compactMap { $0 })
            $0.rateLimit = 7
        }
        #expect(created.agent.profile.originator == anna.person)
        let read = try await rooms.agents.agent(created.agent.id, workspace: workspace.id)
        #expect(read == created.agent && read.profile.allowedAddresses.ranges.count == 2)
    }

    @Test("what is out of range is named, all of it")
    func faults() async throws {
        let profile = AgentProfile(
            name: "a\nb", description: String(repeating: "d", count: 1_001), metadata: .array([]), rateLimit: 0)
        let error = await #expect(throws: PermissionError.self) {
            try await rooms.agents.create(profile, workspace: workspace.id, origin: .system)
        }
        #expect(error?.fields.map(\.field) == ["name", "description", "metadata", "rateLimit"])
    }

    @Test("(19) an agent that was used is deleted with its keys and permissions, and the audit stays")
    func deletion() async throws {
        try await rooms.approveAll(workspace)
        let created = try await rooms.agent(workspace)
        try await rooms.policy(
            #"{"name":"own","agentId":"\#(created.agent.id)","conditions":{"action":{"equals":"x.y"}},"action":"deny"}"#,
            workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        let wish = try PermissionRooms.wish(context: #"{"person":"Ms Secret"}"#)
        let answer = try await rooms.requests.request(wish, for: caller)
        let token = try #require(answer.token)
        try await rooms.agents.delete(created.agent.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.workspace(.keyInvalid())) {
            try await rooms.caller(created.key.secret.text)
        }
        let verifier = try await rooms.verifier(workspace)
        #expect(
            try await rooms.requests.verify(answer.permission.id, token, by: verifier) == .invalid(.revoked))
        try await rooms.agents.prune()
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.permission(answer.permission.id, workspace: workspace.id)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.agent(created.agent.id, workspace: workspace.id)
        }
        let rows = try await rooms.installation.database.read { transaction in
            try transaction.rows("SELECT * FROM permission", []) + transaction.rows("SELECT * FROM agent", [])
        }
        #expect(rows.isEmpty)
        let trail = try await rooms.auditTrail(workspace)
        #expect(trail.contains { $0.hasPrefix("permission.requested done live approved") })
        #expect(trail.contains { $0.hasPrefix("agent.deleted done") })
    }

    @Test("(22) another workspace's agent is not there, whatever is tried")
    func tenants() async throws {
        let stranger = try await rooms.workspace()
        let created = try await rooms.agent(workspace)
        let (id, key) = (created.agent.id, created.key.key.id)
        await #expect(throws: PermissionError.notFound("")) { try await rooms.agents.agent(id, workspace: stranger.id) }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.update(id, workspace: stranger.id, origin: .system) { $0.name = "x" }
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.delete(id, workspace: stranger.id, origin: .system)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.addKey(to: id, workspace: stranger.id, origin: .system)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.rotateKey(of: id, workspace: stranger.id, KeyRotation(), origin: .system)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.agents.revokeKey(key, of: id, workspace: stranger.id, origin: .system)
        }
        #expect(try await rooms.agents.list(workspace: stranger.id, .first).items.isEmpty)
        _ = try await rooms.caller(created.key.secret.text)
    }

    @Test("a page has so many agents and says how many there are")
    func pages() async throws {
        for _ in 0..<5 { _ = try await rooms.agent(workspace) }
        let page = try await rooms.agents.list(workspace: workspace.id, PageWish(page: 2, limit: 2))
        #expect(page.items.count == 2 && page.total == 5 && page.totalPages == 3 && page.page == 2)
        #expect(throws: PermissionError.invalidFields([])) { try PageWish(page: 0) }
        #expect(throws: PermissionError.invalidFields([])) { try PageWish(limit: 101) }
    }
}
