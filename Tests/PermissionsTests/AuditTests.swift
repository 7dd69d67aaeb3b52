import AuditLog
import Fixtures
import Permissions
import Storage
import Testing
import Workspaces

@Suite("The trail of a permission")
struct AuditTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
    }

    /// Makes every further audit entry of the workspace collide with one that is there: after the last number of all
    /// there is none.
    private func breakTheAudit() async throws {
        let workspace = workspace.id
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO audit_entry
                    (workspace, sequence, time, actor, action, record, outcome, request, detail)
                SELECT $1, 9223372036854775807 + 1, 0, '', '', '', '', '', ''
                """, [.text(workspace)])
        }
    }

    @Test("(17) what cannot be recorded does not happen: no grant, no use, no decision")
    func noEntryNoChange() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller)
        try await breakTheAudit()
        await #expect(throws: PermissionError.self) {
            try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller)
        }
        await #expect(throws: PermissionError.self) {
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
        }
        await #expect(throws: PermissionError.self) {
            try await rooms.requests.revoke(permission.id, reason: nil, by: .agent(caller))
        }
        let listed = try await rooms.requests.list(PermissionFilter(), workspace: workspace.id, .first)
        #expect(listed.items == [permission])
    }

    @Test("(17) a failed use and a failed look at a token are entries, with who, from where and why")
    func failures() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let (permission, _) = try await rooms.granted(caller)
        let wrong = PermissionToken(presented: "otp_wrong")
        _ = try await rooms.requests.use(permission.id, wrong, details: nil, by: .agent(caller))
        _ = try await rooms.requests.verify(permission.id, wrong, by: .agent(caller))
        let audit = AuditReader(database: rooms.installation.database, trail: rooms.installation.audit)
        let entries = try await audit.entries(AuditFilter(), workspace: workspace.id, limit: 2)
        let found = entries.map { opened in
            let (entry, person) = (opened.entry, opened.personal.part)
            return [
                entry.action, entry.outcome, entry.detail, entry.actor, entry.record, entry.agent,
                person?.address ?? "", person?.userAgent ?? "",
            ]
        }
        let expected = ["permission.verified", "permission.used"].map { action in
            [
                action, "refused", "wrongToken", "key:\(caller.keyIdentifier)", permission.id, caller.agent.id,
                "192.0.2.1:1", "test/1",
            ]
        }
        #expect(found == expected)
    }

    @Test("the whole life leaves a complete trail, with the digests of what was asked and of what the approver saw")
    func complete() async throws {
        try await rooms.policy(
            #"{"name":"ask","priority":1,"conditions":{"action":{"equals":"x.y"}},"action":"require_approval"}"#,
            workspace)
        let (caller, anna) = (try await rooms.agentCaller(workspace), try await rooms.approver(workspace))
        let asked = try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission
        _ = try await rooms.requests.decide(asked.id, PermissionDecision(approved: true), by: anna)
        let token = try #require(try await rooms.requests.collect(asked.id, for: caller).token)
        _ = try await rooms.requests.verify(asked.id, token, by: .agent(caller))
        _ = try await rooms.requests.use(asked.id, token, details: nil, by: .agent(caller))
        let (other, _) = try await rooms.granted(caller)
        rooms.time.advance(seconds: 300)
        try await rooms.requests.expire()
        let trail = try await rooms.auditTrail(workspace).filter { $0.hasPrefix("permission.") }
        let words = trail.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(
            words == [
                "permission.requested done", "permission.approved done", "permission.collected done",
                "permission.verified done", "permission.used done", "permission.requested done",
                "permission.expired done",
            ])
        #expect(
            trail[0].hasPrefix("permission.requested done live pending \(try #require(asked.policy?.id))@1 sha256:"))
        #expect(
            trail[1]
                == "permission.approved done \(anna.name) api 1 of 1 sha256:\(try #require(asked.statement?.digest))")
        #expect(other.id != asked.id)
    }
}
