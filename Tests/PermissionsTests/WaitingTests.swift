import Fixtures
import Permissions
import Testing

@Suite("Waiting for a decision")
struct WaitingTests {
    @Test("who listens before looking misses no decision, and finds the token after it")
    func decided() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        let changes = try rooms.events.changes(of: asked.id)
        #expect(try await rooms.requests.collect(asked.id, for: caller).permission.status == .pending)
        let waiting = Task {
            for await change in changes where change.status != .pending { break }
            return try await rooms.requests.collect(asked.id, for: caller)
        }
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        #expect(try await waiting.value.token != nil)
    }

    @Test("a stream tells each change and ends with the last, and never has a token")
    func stream() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        let changes = try rooms.events.changes(of: asked.id)
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        let token = try #require(try await rooms.requests.collect(asked.id, for: caller).token)
        _ = try await rooms.requests.use(asked.id, token, details: nil, by: .agent(caller))
        var seen: [PermissionEvent] = []
        for await change in changes { seen.append(change) }
        #expect(seen.map(\.status) == [.approved, .used])
        #expect(!"\(seen)".contains(token.value))
    }

    @Test("an expiry, a kill switch and a withdrawal are told too", arguments: ["expiry", "kill", "withdrawal"])
    func endings(way: String) async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let caller = try await rooms.agentCaller(workspace)
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        let changes = try rooms.events.changes(of: asked.id)
        switch way {
        case "expiry":
            rooms.time.advance(seconds: 300)
            try await rooms.requests.expire()
        case "kill": try await rooms.agents.stopAll(workspace: workspace.id, origin: .system)
        default: _ = try await rooms.requests.revoke(asked.id, reason: nil, by: .agent(caller))
        }
        var seen: [PermissionStatus] = []
        for await change in changes { seen.append(change.status) }
        #expect(seen == [way == "expiry" ? .expired : .revoked])
    }

    @Test("ten thousand wait at a time, one more is refused, and who leaves makes room")
    func capacity() async throws {
        let rooms = try await PermissionRooms(waiting: 10_000)
        var streams: [AsyncStream<PermissionEvent>] = []
        for number in 0..<10_000 { streams.append(try rooms.events.changes(of: "perm_\(number)")) }
        #expect(throws: PermissionError.unavailable("")) { try rooms.events.changes(of: "perm_x") }
        streams.removeLast(5_000)
        #expect(rooms.events.waiting == 5_000)
        _ = try rooms.events.changes(of: "perm_x")
    }
}
