import Fixtures
import HTTPServer
import Permissions
import Testing
import Workspaces

@Suite("Agent OTP: what is refused is recorded")
struct RefusedCallRouteTests {
    static let unknown = "perm_0123456789ab0123456789abcdef0123"

    let server: TestServer
    let agent: CreatedAgent

    init() async throws {
        server = try await TestServer()
        agent = try await server.permissions.agents.create(
            AgentProfile(name: "Robot"), workspace: server.workspace.id, mode: .live, origin: .system)
    }

    private var key: String { agent.key.secret.text }

    /// The last refusal in the workspace's log: action, record, agent, detail.
    private func last() async throws -> [String] {
        try await server.installation.database.read { transaction in
            let row = try transaction.row(
                """
                SELECT action, record, agent, detail FROM audit_entry WHERE workspace = $1 AND outcome = 'refused'
                ORDER BY sequence DESC
                """, [.text(server.workspace.id)])
            return try row.map { row in try (0..<4).map { try row.text($0) } } ?? []
        }
    }

    /// A request of another agent of the workspace, which waits for people.
    private func foreign() async throws -> String {
        let other = try await server.permissions.agents.create(
            AgentProfile(name: "Other"), workspace: server.workspace.id, mode: .live, origin: .system)
        let asked = await server.call(
            .POST, "/api/v1/permissions/request", key: other.key.secret.text, body: #"{"action":"a.b"}"#)
        return try #require(asked.json?["data"]?["id"]?.text)
    }

    @Test(
        "(17) whoever uses, verifies, fetches, follows or revokes a permission that is not theirs is in the log",
        arguments: [
            (.POST, "/use", "permission.used"), (.POST, "/verify", "permission.verified"),
            (.GET, "", "permission.collected"), (.GET, "/events", "permission.collected"),
            (.POST, "/revoke", "permission.revoked"),
        ] as [(HTTPMethod, String, String)])
    func strangers(method: HTTPMethod, path: String, action: String) async throws {
        for id in [Self.unknown, try await foreign()] {
            let answer = await server.call(
                method, "/api/v1/permissions/\(id)\(path)", key: key,
                body: method == .POST ? #"{"token":"otp_none"}"# : "")
            #expect(answer.status == 404)
            #expect(try await last() == [action, id, agent.agent.id, "notFound"])
        }
        _ = await server.call(
            method, "/api/v1/permissions/free%20text\(path)", key: key,
            body: method == .POST ? #"{"token":"otp_none"}"# : "")
        #expect(try await last() == [action, "", agent.agent.id, "notFound"])
    }

    @Test("(1, 17) an agent that decides or administers is refused and in the log")
    func notPermitted() async throws {
        let id = try await foreign()
        let decided = await server.call(
            .POST, "/api/v1/permissions/\(id)/decide", key: key, body: #"{"approved":true}"#)
        #expect(decided.status == 403)
        #expect(decided.json?["error"]?["message"]?.text == "This needs an approver's key (uk_live_…).")
        #expect(try await last() == ["permission.decided", id, agent.agent.id, "notPermitted"])
        for path in ["/api/v1/agents", "/api/v1/policies", "/api/v1/audit", "/api/v1/audit/export", "/metrics"] {
            let entries = try await server.installation.auditTrail(server.workspace).count
            let answer = await server.call(.GET, path, key: key)
            #expect(answer.status == 403)
            #expect(answer.json?["error"]?["message"]?.text == "This needs an operator's key (uk_live_…).")
            #expect(try await last() == ["key.refused", agent.key.key.id, agent.agent.id, "notPermitted"])
            #expect(try await server.installation.auditTrail(server.workspace).count == entries + 1)
        }
    }

    @Test("(17) a passcode's key is refused at this dialect and in the log")
    func passcodeKeys() async throws {
        for path in ["/api/v1/permissions", "/api/v1/agents"] {
            let answer = await server.call(.GET, path, key: server.live)
            #expect(answer.status == 403)
            #expect(
                answer.json?["error"]?["message"]?.text
                    == "This key is for passcodes. Use an agent's key (ak_live_…).")
            #expect(try await last().last == "keyNotPermitted")
        }
    }

    @Test("(17) keys that do not open the operator's API are in the log, and nobody is throttled there")
    func operatorsAPI() async throws {
        let bad: [(key: String?, status: Int, detail: String)] = [
            (nil, 401, "keyMissing"), ("uk_live_bad", 401, "keyInvalid"), (server.live, 403, "keyNotPermitted"),
            (key, 403, "keyNotPermitted"),
        ]
        for (key, status, detail) in bad {
            #expect(await server.call(.GET, "/v1/workspace", key: key).status == status)
            #expect(try await last().first == "authentication.failed")
            #expect(try await last().last == detail)
        }
        for _ in 0..<40 { #expect(await server.call(.GET, "/v1/keys", key: "uk_live_bad").status == 401) }
        let figures = try await server.permissions.metrics.figures(.hour, workspace: server.workspace.id)
        // Twenty of strangers, and the two keys that are somebody's.
        #expect(figures.failedAuthentications == 22)
        try await server.permissions.refused.writeRest(all: true)
        #expect(try await last().last == "22 more")
        #expect(await server.call(.GET, "/v1/keys", key: server.operatorKey).status == 200)
    }

    @Test(
        "(22) what no identifier can be is not found, as any other that is unknown",
        arguments: [
            "/permissions/ID", "/permissions/ID/events", "/agents/ID", "/agents/ID/stats", "/policies/ID",
        ])
    func oddIdentifiers(path: String) async throws {
        let keys = path.hasPrefix("/permissions") ? [key, server.operatorKey] : [server.operatorKey]
        let long = String(repeating: "a", count: 5_000)
        for key in keys {
            for id in ["%00", "%", "%zz", "%ff", "a%00b", long, "%2e%2e%2f", "perm_%0a", "💣", Self.unknown] {
                let answer = await server.call(
                    .GET, "/api/v1" + path.replacing("ID", with: id), key: key)
                #expect(answer.status == 404, "\(id.prefix(20))")
                #expect(answer.json?["error"]?["code"]?.text == "NOT_FOUND")
            }
        }
    }
}
