import Fixtures
import Permissions
import Policies
import Synchronization
import Testing
import Workspaces

@Suite("Trying policies on recorded requests")
struct ReplayTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    private func set(_ documents: String...) throws -> PolicySet {
        try PolicySet(documents.map(PermissionRooms.policy))
    }

    /// The actions that would be decided otherwise with their new decision, and how many requests were tried.
    private func replay(_ set: PolicySet, since: Int64 = 0) async throws -> (changed: [String], tried: Int) {
        var changed: [String] = []
        var total: Int?
        try await rooms.policies.replay(set, since: since, workspace: workspace.id) { event in
            switch event {
            case .changed(let request, let verdict):
                changed.append("\(request.facts.action) \(verdict.action.status)")
            case .progress: break
            case .finished(let tried, let count):
                total = tried
                #expect(count == changed.count)
            }
        }
        return (changed, try #require(total, "the end was not told"))
    }

    @Test("it tells what would be decided otherwise, in the order of the requests, and changes nothing")
    func changes() async throws {
        let agent = try await rooms.agentCaller(workspace)
        try await rooms.policy(
            #"{"name":"files","conditions":{"action":{"startsWith":"file."}},"action":"auto_approve"}"#, workspace)
        for action in ["file.read", "mail.send", "file.write"] {
            _ = try await rooms.requests.request(PermissionRooms.wish(action), for: agent)
            rooms.time.advance(seconds: 60)
        }
        let stricter = try set(
            #"{"name":"no","conditions":{"action":{"equals":"file.write"}},"action":"deny"}"#,
            #"{"name":"yes","conditions":{"action":{"equals":"file.read"}},"action":"auto_approve"}"#)
        let before = try await rooms.auditTrail(workspace)
        #expect(try await replay(stricter) == (["file.write denied"], 3))
        #expect(try await replay(stricter, since: rooms.now - 90_000) == (["file.write denied"], 1))
        #expect(try await rooms.auditTrail(workspace) == before)
        let unchanged = try await rooms.policies.set(workspace: workspace.id)
        #expect(try await replay(unchanged) == ([], 3))
    }

    @Test("requests of test keys and of other workspaces are not tried")
    func others() async throws {
        let tester = try await rooms.agentCaller(workspace, mode: .test)
        let stranger = try await rooms.agentCaller(try await rooms.workspace())
        for caller in [tester, stranger] { _ = try await rooms.requests.request(PermissionRooms.wish(), for: caller) }
        #expect(try await replay(try set()).tried == 0)
    }

    @Test("whoever stops listening ends it")
    func stopped() async throws {
        let agent = try await rooms.agentCaller(workspace)
        _ = try await rooms.requests.request(PermissionRooms.wish(), for: agent)
        let all = try set(#"{"name":"no","conditions":{},"action":"deny"}"#)
        await #expect(throws: Unexpected.self) {
            try await rooms.policies.replay(all, since: 0, workspace: workspace.id) { _ in throw Unexpected("more") }
        }
    }

    @Test("a recorded request is explained with the rate that it was made at")
    func explainedRate() async throws {
        let agent = try await rooms.agentCaller(workspace)
        try await rooms.policy(
            #"{"name":"often","conditions":{"rate.perHour":{"greaterThanOrEqual":2}},"action":"deny"}"#, workspace)
        var last = ""
        for number in 0..<3 {
            last = try await rooms.requests.request(
                PermissionRooms.wish(resource: String(number)), for: agent
            ).permission.id
            rooms.time.advance(seconds: 1)
        }
        let explained = try await rooms.policies.explain(last, workspace: workspace.id)
        #expect(explained.request.action == .deny && explained.then?.verdict.action == .deny)
        #expect(explained.now.rules.first?.conditions.first?.seen == .integer(2))
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.explain(last, workspace: try await rooms.workspace().id)
        }
    }
}
