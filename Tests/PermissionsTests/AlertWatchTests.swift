import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("The watch over agents")
struct AlertWatchTests {
    let rooms: PermissionRooms
    let watch: AlertWatch
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        watch = AlertWatch(
            database: rooms.installation.database, metrics: rooms.metrics, outbox: rooms.outbox, clock: rooms.time.wall)
        workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"no","conditions":{"action":{"startsWith":"no."}},"action":"deny"}"#, workspace)
    }

    @Test("an alert is told once when it is raised, and once when it is over")
    func changes() async throws {
        let caller = try await rooms.agentCaller(workspace)
        #expect(try await watch.look(at: [workspace.id]).isEmpty)
        for _ in 0..<20 { _ = try await rooms.requests.request(PermissionRooms.wish("no.way"), for: caller) }
        let raised = try await watch.look(at: [workspace.id])
        #expect(raised.map(\.alert) == [.denialRate] && raised[0].isRaised && raised[0].value == 1)
        #expect(try await watch.look(at: [workspace.id]).isEmpty)
        rooms.time.advance(seconds: 3_601)
        let cleared = try await watch.look(at: [workspace.id])
        #expect(cleared.map(\.alert) == [.denialRate] && !cleared[0].isRaised)
        #expect(rooms.outbox.allAlerts == raised + cleared)
    }

    @Test("one workspace's agents raise no alert in another")
    func tenancy() async throws {
        let other = try await rooms.workspace()
        let caller = try await rooms.agentCaller(workspace)
        for _ in 0..<20 { _ = try await rooms.requests.request(PermissionRooms.wish("no.way"), for: caller) }
        #expect(try await watch.look(at: [other.id]).isEmpty)
        #expect(try await watch.look(at: [other.id, workspace.id]).map(\.workspace) == [workspace.id])
    }
}
