import AuditLog
import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Calls that are refused")
struct RefusedCallTests {
    static let unknown = "perm_0123456789ab0123456789abcdef0123"

    let rooms: PermissionRooms
    let workspace: Workspace
    let agent: PermissionCaller

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
        agent = .agent(try await rooms.agentCaller(workspace))
    }

    private func refuse(_ error: PermissionError, _ action: AuditAction? = .permissionUsed, on id: String = unknown)
        async -> PermissionError
    {
        await rooms.callers.refuse(error, of: agent, trying: action, on: id)
    }

    /// What was refused in the workspace: action, record, detail.
    private func entries() async throws -> [[String]] {
        try await rooms.installation.database.read { transaction in
            try transaction.rows(
                """
                SELECT action, record, detail FROM audit_entry WHERE workspace = $1 AND outcome = 'refused'
                ORDER BY sequence
                """, [.text(workspace.id)]
            ).map { [try $0.text(0), try $0.text(1), try $0.text(2)] }
        }
    }

    @Test(
        "(17) what is no identifier never gets into the log",
        arguments: [
            "'; DROP TABLE audit_entry", "perm_", "perm_0123456789AB0123456789abcdef0123", unknown + "0", "",
            "key_0123456789abcdef",
        ])
    func freeText(id: String) async throws {
        #expect(await refuse(.notFound("permission"), on: id) == .notFound(""))
        #expect(try await entries() == [["permission.used", "", "notFound"]])
    }

    @Test("(17) a flood of refused calls of one key fills no log: twenty entries, and one that says how many more")
    func flood() async throws {
        for _ in 0..<500 { #expect(await refuse(.notFound("permission")) == .notFound("")) }
        #expect(try await entries().count == 20)
        try await rooms.refused.writeRest()
        #expect(try await entries().count == 20)
        rooms.time.advance(seconds: 60)
        try await rooms.refused.writeRest()
        try await rooms.refused.writeRest(all: true)
        #expect(try await entries().count == 21)
        #expect(try await entries().last == ["permission.used", "", "480 more"])
        // No key was bad.
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).failedAuthentications == 0)
    }

    @Test("one key's flood takes no other's entries")
    func sources() async throws {
        for _ in 0..<30 { _ = await refuse(.notFound("permission")) }
        let other = try await rooms.agentCaller(workspace)
        _ = await rooms.callers.refuse(
            .notPermitted(to: .decide), of: .agent(other), trying: .permissionDecided, on: Self.unknown)
        #expect(try await entries().last == ["permission.decided", Self.unknown, "notPermitted"])
    }

    @Test("bad keys from everywhere at once are limited as one, and take no entry from calls with good keys")
    func everywhere() async throws {
        for number in 0..<10_100 {
            _ = try? await rooms.caller("ak_live_bad", network: "10.\(number / 256).\(number % 256).0/24")
        }
        #expect(try await entries().count == 600)
        _ = await refuse(.notFound("permission"))
        #expect(try await entries().last == ["permission.used", Self.unknown, "notFound"])
        try await rooms.refused.writeRest(all: true)
        #expect(try await entries().last == ["authentication.failed", "", "9500 more"])
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).failedAuthentications == 10_100)
    }

    @Test("(17) what cannot be recorded is answered with unavailable, and what was only counted stays counted")
    func unrecorded() async throws {
        for _ in 0..<25 { _ = await refuse(.notFound("permission")) }
        await rooms.installation.database.close()
        #expect(await refuse(.notPermitted(to: .administer), nil) == .notPermitted(to: .administer))
        for _ in 0..<2 {
            await #expect(throws: PermissionError.unavailable("")) { try await rooms.refused.writeRest(all: true) }
        }
        rooms.time.advance(seconds: 60)
        #expect(await refuse(.notFound("permission")) == .unavailable(""))
    }

    @Test("other errors are no refusals")
    func others() async throws {
        #expect(await refuse(.alreadyDecided()) == .alreadyDecided())
        #expect(await refuse(.notFound("policy"), nil) == .notFound(""))
        #expect(try await entries().isEmpty)
    }
}
