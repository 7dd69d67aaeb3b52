import AuditLog
import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Operator's API: whom the audit log forgets")
struct ErasureRouteTests {
    private let server: TestServer

    init() async throws { server = try await TestServer { $0.cooldownSeconds = 0 } }

    private func erase(_ contact: String) async -> TestServer.Answer {
        await server.call(
            .POST, "/v1/log/erasures", key: server.operatorKey, body: #"{"contact":"\#(contact)"}"#)
    }

    /// The identifier of a new approver, and an operator's key of theirs.
    private func approver(_ address: String) async throws -> (id: String, key: CreatedAPIKey) {
        let approvers = server.permissions.approvers
        let made = try await approvers.create(
            name: "Ada", address: #require(EmailAddress(address)), workspace: server.workspace.id, origin: .system)
        let key = try await approvers.createKey(
            for: made.id, role: .operator, workspace: server.workspace.id, origin: .system)
        return (made.id, key)
    }

    /// Writes an entry about nobody's contact, as somebody does who acts from an address.
    private func act(as principal: Principal) async throws {
        let origin = RequestOrigin(principal: principal, request: "req_1", address: "192.0.2.1:5", userAgent: "test/1")
        let entry = AuditEntry(
            workspace: server.workspace.id, time: server.installation.time.now.unixMilliseconds,
            action: .workspaceChanged, record: server.workspace.id, origin: origin)
        let audit = server.installation.audit
        _ = try await server.installation.database.write { try audit.append(entry, in: $0) }
    }

    /// What is left to read of whence somebody acted, the oldest entry first.
    private func readings(of principal: Principal) async throws -> [PersonalReading] {
        try await server.rooms.audit.entries(AuditFilter(), workspace: server.workspace.id, limit: .max).reversed()
            .filter { $0.entry.actor == principal.description }.map(\.personal)
    }

    @Test("what an approver did goes with their contact, by session and by key; what others did stays")
    func approvers() async throws {
        let (ada, bea) = (try await approver("ada@example.com"), try await approver("bea@example.com"))
        let (hers, others): ([Principal], [Principal]) = (
            [.approver(ada.id), .key(ada.key.key.id)], [.approver(bea.id), .key(bea.key.key.id), .visitor]
        )
        for principal in hers + others { try await act(as: principal) }
        #expect(await erase("Ada@Example.com").text == #"{"erased":true}"#)
        for principal in hers { #expect(try await readings(of: principal) == [.erased]) }
        for principal in others {
            #expect(try await readings(of: principal).map(\.part?.address) == ["192.0.2.1:5"])
        }
        try await act(as: .approver(ada.id))
        #expect(try await readings(of: .approver(ada.id)).last?.part != nil, "later entries have another key")
    }

    @Test("so goes what a key did that was revoked since")
    func revoked() async throws {
        let ada = try await approver("ada@example.com")
        try await act(as: .key(ada.key.key.id))
        try await server.permissions.approvers.setActive(
            false, ada.id, workspace: server.workspace.id, origin: .system)
        #expect(await erase("ada@example.com").text == #"{"erased":true}"#)
        #expect(try await readings(of: .key(ada.key.key.id)) == [.erased])
    }

    @Test("what a user did goes with their contact, live and in test")
    func users() async throws {
        let installation = server.installation
        var users: [User] = []
        for mode in [ChallengeMode.live, .test] {
            let verified = try await installation.prove(server.workspace, mode: mode)
            users.append(try await installation.signUp(verified, server.workspace, mode: mode))
        }
        for user in users { try await act(as: .user(user.id)) }
        #expect(await erase(Installation.person).text == #"{"erased":true}"#)
        for user in users { #expect(try await readings(of: .user(user.id)) == [.erased]) }
    }
}
