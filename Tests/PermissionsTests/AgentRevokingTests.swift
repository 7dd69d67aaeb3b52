import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Revoking an agent")
struct AgentRevokingTests {
    @Test("a revoked agent keeps no key and nothing that it was permitted")
    func revoked() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let created = try await rooms.agent(workspace)
        let agent = try await rooms.caller(created.key.secret.text).agent()
        let waiting = try await rooms.requests.request(PermissionRooms.wish("mail.send"), for: agent).permission
        try await rooms.agents.revoke(created.agent.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.self) { try await rooms.caller(created.key.secret.text) }
        #expect(try await rooms.requests.permission(waiting.id, workspace: workspace.id).status == .revoked)
        let keys = try await rooms.agents.keys(of: created.agent.id, workspace: workspace.id)
        #expect(keys.allSatisfy { $0.revokedAt != nil })
        #expect(try await !rooms.agents.agent(created.agent.id, workspace: workspace.id).profile.isActive)
    }
}
