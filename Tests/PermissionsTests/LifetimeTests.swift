import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("The end of a permission")
struct LifetimeTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    @Test("what nobody decided expires on time, is written down and audited without anybody looking")
    func pendingExpires() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let asked = try await rooms.requests.request(PermissionRooms.wish(lifetime: 30), for: caller).permission
        rooms.time.advance(seconds: 29)
        #expect(try await rooms.requests.expire() == 0)
        rooms.time.advance(seconds: 1)
        #expect(try await rooms.requests.expire() == 1)
        #expect(try await rooms.requests.expire() == 0)
        let status = try await rooms.installation.database.read { transaction in
            try transaction.row("SELECT status, ended_at FROM permission", [])
        }
        #expect(try status?.text(0) == "expired" && status?.integer(1) == rooms.now)
        #expect(try await rooms.auditTrail(workspace).last == "permission.expired done pending")
        #expect(rooms.outbox.kinds == [.requested, .expired])
        let anna = try await rooms.approver(workspace)
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        }
    }

    @Test("what is over is over before it is written down: nothing is decided, collected or used")
    func beforeTheSweep() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        let other = try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        rooms.time.advance(seconds: 300)
        let collected = try await rooms.requests.collect(asked.id, for: caller)
        #expect(collected.token == nil && collected.permission.status == .expired)
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(other.id, PermissionDecision(approved: true), by: anna)
        }
        let expired = try await rooms.requests.list(
            PermissionFilter(status: .expired), workspace: workspace.id, .first)
        #expect(expired.total == 2)
    }

    @Test("a token never outlives its request, however late it was approved and collected")
    func tokenEnds() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish(lifetime: 60), for: caller).permission
        rooms.time.advance(seconds: 59)
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        let token = try #require(try await rooms.requests.collect(asked.id, for: caller).token)
        rooms.time.advance(seconds: 1)
        #expect(
            try await rooms.requests.use(asked.id, token, details: nil, by: .agent(caller))
                == .refused(.expired, usesLeft: 0))
    }

    @Test("a thousand that are over at the same time are all written down at once")
    func manyExpire() async throws {
        let caller = try await rooms.agentCaller(workspace, mode: .test)
        for _ in 0..<1_000 {
            _ = try await rooms.requests.request(PermissionRooms.wish(lifetime: 30), for: caller)
        }
        rooms.time.advance(seconds: 30)
        #expect(try await rooms.requests.expire() == 1_000)
    }

    @Test("a row that nobody can read is skipped, with one entry of the audit, and the others expire on time")
    func unreadable() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let broken = try await rooms.requests.request(PermissionRooms.wish("a.b", lifetime: 30), for: caller).permission
        _ = try await rooms.requests.request(PermissionRooms.wish("c.d", lifetime: 30), for: caller)
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute("UPDATE permission SET token_format = 'x' WHERE id = $1", [.text(broken.id)])
        }
        rooms.time.advance(seconds: 30)
        #expect(try await rooms.requests.expire() == 1)
        #expect(try await rooms.requests.expire() == 0)
        let trail = try await rooms.auditTrail(workspace).filter { $0.hasPrefix("permission.expired") }
        #expect(trail.sorted() == ["permission.expired done pending", "permission.expired failed unreadable"])
    }

    @Test("where nothing is to be erased, one unit of work finds out, however many workspaces there are")
    func cheapPrune() async throws {
        try await rooms.approveAll(workspace)
        _ = try await rooms.granted(rooms.agentCaller(workspace))
        for _ in 0..<5 { _ = try await rooms.workspace() }
        let before = rooms.database.units
        try await rooms.requests.prune()
        #expect(rooms.database.units == before + 1)
    }

    @Test("an agent gives back what it was permitted, once, and an operator takes anything")
    func revoking() async throws {
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller)
        let revoked = try await rooms.requests.revoke(permission.id, reason: "Done.", by: .agent(caller))
        #expect(revoked.status == .revoked && revoked.endedAt == rooms.now && revoked.reason == "Done.")
        #expect(
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
                == .refused(.revoked, usesLeft: 0))
        await #expect(throws: PermissionError.notRevocable()) {
            try await rooms.requests.revoke(permission.id, reason: nil, by: .agent(caller))
        }
        let (other, _) = try await rooms.granted(caller)
        let administrator = try await rooms.approver(workspace, role: .operator)
        #expect(
            try await rooms.requests.revoke(other.id, reason: nil, by: .approver(administrator)).status == .revoked)
    }

    @Test("an approver and a verifier revoke nothing, and a stranger's agent finds nothing to revoke")
    func othersDoNotRevoke() async throws {
        try await rooms.approveAll(workspace)
        let (permission, _) = try await rooms.granted(rooms.agentCaller(workspace))
        let anna = try await rooms.approver(workspace)
        await #expect(throws: PermissionError.notPermitted(to: .administer)) {
            try await rooms.requests.revoke(permission.id, reason: nil, by: .approver(anna))
        }
        let other = try await rooms.agentCaller(workspace)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.revoke(permission.id, reason: nil, by: .agent(other))
        }
    }

    @Test("a request that was withdrawn can no longer be approved")
    func withdrawn() async throws {
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller).permission
        _ = try await rooms.requests.revoke(asked.id, reason: nil, by: .agent(caller))
        await #expect(throws: PermissionError.alreadyDecided()) {
            try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        }
    }

    @Test("permissions are erased thirty days after they were asked for, and their audit stays")
    func pruned() async throws {
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (old, _) = try await rooms.granted(caller)
        rooms.time.advance(seconds: 29 * 86_400)
        let (young, _) = try await rooms.granted(caller)
        rooms.time.advance(seconds: 86_401)
        try await rooms.requests.prune()
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.permission(old.id, workspace: workspace.id)
        }
        _ = try await rooms.requests.permission(young.id, workspace: workspace.id)
        let asked = try await rooms.auditTrail(workspace).filter { $0.hasPrefix("permission.requested") }
        #expect(asked.count == 2)
    }
}
