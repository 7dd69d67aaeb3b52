import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Figures")
struct MetricsTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"yes","conditions":{"action":{"startsWith":"yes."}},"action":"auto_approve"}"#, workspace)
        try await rooms.policy(
            #"{"name":"no","conditions":{"action":{"startsWith":"no."}},"action":"deny"}"#, workspace)
    }

    private func ask(_ action: String, _ caller: AgentCaller, lifetime: Int = 300) async throws -> PermissionAnswer {
        try await rooms.requests.request(PermissionRooms.wish(action, lifetime: lifetime), for: caller)
    }

    @Test("a period's figures say what was asked and what became of it, for all agents and for each")
    func figures() async throws {
        let (one, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        let anna = try await rooms.approver(workspace)
        let used = try await ask("yes.one", one)
        _ = try await rooms.requests.use(
            used.permission.id, try #require(used.token), details: nil, by: .agent(one))
        _ = try await ask("yes.unused", one, lifetime: 30)
        _ = try await ask("yes.open", one, lifetime: 3_600)
        for _ in 0..<3 { _ = try await ask("no.way", one) }
        let asked = try await ask("ask.approved", one, lifetime: 3_600).permission
        _ = try await ask("ask.late", one, lifetime: 30)
        rooms.time.advance(seconds: 60)
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        _ = try await ask("ask.pending", one)
        _ = try await ask("yes.other", other)
        for isSwept in [false, true] {
            if isSwept { try await rooms.requests.expire() }
            let figures = try await rooms.metrics.figures(.hour, agent: one.agent.id, workspace: workspace.id)
            #expect(figures.requests == 9 && figures.approved == 4 && figures.denied == 3)
            #expect(figures.pending == 1 && figures.expired == 1)
            #expect(figures.tokensIssued == 3 && figures.tokensUsed == 1 && figures.tokensUnused == 1)
            #expect(figures.averageApproval == 60_000)
            #expect(figures.denialRate == 3.0 / 7 && figures.unusedTokenRate == 0.5)
        }
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).requests == 10)
    }

    @Test("what is older than the period does not count, and neither do test keys and other workspaces")
    func bounds() async throws {
        let caller = try await rooms.agentCaller(workspace)
        _ = try await ask("yes.one", caller)
        _ = try await ask("yes.one", rooms.agentCaller(workspace, mode: .test))
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).requests == 1)
        rooms.time.advance(seconds: 3_601)
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).requests == 0)
        #expect(try await rooms.metrics.figures(.day, workspace: workspace.id).requests == 1)
        let other = try await rooms.workspace()
        let figures = try await rooms.metrics.figures(.month, workspace: other.id)
        #expect(figures.requests == 0 && figures.denialRate == 0 && figures.unusedTokenRate == 0)
        #expect(figures.averageApproval == nil)
    }

    @Test("the counters for Prometheus count requests, approvals by channel, and tokens issued, used and unused")
    func counters() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let anna = try await rooms.approver(workspace)
        let used = try await ask("yes.one", caller)
        let token = try #require(used.token)
        for _ in 0..<2 {
            _ = try await rooms.requests.use(used.permission.id, token, details: nil, by: .agent(caller))
        }
        _ = try await ask("no.way", caller)
        let asked = try await ask("ask.me", caller).permission
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        _ = try await rooms.requests.collect(asked.id, for: caller)
        rooms.time.advance(seconds: 300)
        try await rooms.requests.expire()
        let counts = rooms.counters.snapshot.filter { $0.value > 0 }
        #expect(
            counts == [
                .requestApproved: 1, .requestDenied: 1, .requestPending: 1, .approval(.policy): 1, .denial(.policy): 1,
                .approval(.api): 1, .tokenIssued: 2, .tokenUsed: 1, .tokenUnused: 1,
            ])
        #expect(rooms.counters.snapshot.keys.count == PermissionCounters.Event.allCases.count)
    }
}
