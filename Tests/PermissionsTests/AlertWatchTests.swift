import Fixtures
import Permissions
import Storage
import Synchronization
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

    /// Looks, and expects that it works.
    private func look(_ workspaces: Workspace...) async -> [AgentAlertChange] {
        await watch.look(at: workspaces.map(\.id)) { workspace, error in Issue.record("\(workspace): \(error)") }
    }

    /// What is denied, so often that it is an alert.
    private func beDenied(_ workspace: Workspace) async throws {
        let caller = try await rooms.agentCaller(workspace)
        for _ in 0..<20 { _ = try await rooms.requests.request(PermissionRooms.wish("no.way"), for: caller) }
    }

    @Test("an alert is told once when it is raised, and once when it is over")
    func changes() async throws {
        #expect(await look(workspace).isEmpty)
        try await beDenied(workspace)
        let raised = await look(workspace)
        #expect(raised.map(\.alert) == [.denialRate] && raised[0].isRaised && raised[0].value == 1)
        #expect(await look(workspace).isEmpty)
        rooms.time.advance(seconds: 3_601)
        let cleared = await look(workspace)
        #expect(cleared.map(\.alert) == [.denialRate] && !cleared[0].isRaised)
        #expect(rooms.outbox.allAlerts == raised + cleared)
    }

    @Test("one workspace's agents raise no alert in another")
    func tenancy() async throws {
        let other = try await rooms.workspace()
        try await beDenied(workspace)
        #expect(await look(other).isEmpty)
        #expect(await look(other, workspace).map(\.workspace) == [workspace.id])
    }

    @Test("a workspace whose figures cannot be read is reported and silences no other, whatever its place")
    func unreadable() async throws {
        let (first, last) = (try await rooms.workspace(), try await rooms.workspace())
        // Their sum is no 64-bit number.
        for broken in [first, last] {
            _ = try await rooms.installation.database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO failed_authentication (workspace, agent, minute, failures)
                    VALUES ($1, 'a', $2, 9223372036854775807), ($1, 'b', $2, 9223372036854775807)
                    """, [.text(broken.id), .integer(rooms.now / 60_000)])
            }
        }
        try await beDenied(workspace)
        var reported: [String] = []
        let changes = await watch.look(at: [first.id, workspace.id, last.id]) { id, error in
            #expect(error.code == .unavailable)
            reported.append(id)
        }
        #expect(changes.map(\.workspace) == [workspace.id] && reported == [first.id, last.id])
    }

    @Test("an alert that could not be told is told next time, and holds no other workspace's back")
    func failingOutbox() async throws {
        let other = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"no","conditions":{"action":{"startsWith":"no."}},"action":"deny"}"#, other)
        let outbox = JammedOutbox(for: workspace.id)
        let watch = AlertWatch(
            database: rooms.installation.database, metrics: rooms.metrics, outbox: outbox, clock: rooms.time.wall)
        try await beDenied(workspace)
        try await beDenied(other)
        var reported: [String] = []
        let told = await watch.look(at: [workspace.id, other.id]) { id, _ in reported.append(id) }
        #expect(told.map(\.workspace) == [other.id] && reported == [workspace.id])
        outbox.free()
        let later = await watch.look(at: [workspace.id, other.id]) { id, _ in reported.append(id) }
        #expect(later.map(\.workspace) == [workspace.id] && reported.count == 1)
        #expect(outbox.told.map(\.workspace) == [other.id, workspace.id])
    }

    @Test(
        "with several workspaces, guessed keys count for the server as a whole: it is told of once, and none of them is"
    )
    func guesses() async throws {
        let other = try await rooms.workspace()
        for guess in 0..<51 { _ = try? await rooms.caller("ak_live_\(guess)") }
        try await rooms.refused.writeRest(all: true)
        let raised = try #require(try await watch.lookAtServer())
        #expect(raised.isRaised && raised.value == 51 && raised.alert == .failedAuthentications)
        #expect(try await watch.lookAtServer() == nil)
        #expect(await look(workspace, other).isEmpty)
        rooms.time.advance(seconds: 3_660)
        #expect(try await watch.lookAtServer()?.isRaised == false)
    }
}

/// Takes no message of one workspace until it is freed.
private final class JammedOutbox: WebhookOutbox {
    private let jammed: Mutex<String?>
    private let alerts = Recorded<AgentAlertChange>()

    init(for workspace: String) { jammed = Mutex(workspace) }

    var told: [AgentAlertChange] { alerts.all }
    func free() { jammed.withLock { $0 = nil } }

    func enqueue(_ change: PermissionChange, in transaction: any Transaction) throws(StorageError) {}

    func enqueue(_ change: AgentAlertChange, in transaction: any Transaction) throws(StorageError) {
        guard jammed.withLock({ $0 }) != change.workspace else {
            _ = try transaction.rows("SELECT nothing FROM nowhere", [])
            return
        }
        alerts.append(change)
    }
}
