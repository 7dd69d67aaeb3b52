import Fixtures
import HTTPServer
import Testing

@Suite("Operator's API: approvers")
struct ApproverRouteTests {
    private func add(_ name: String, _ address: String, on server: TestServer) async -> TestServer.Answer {
        await server.call(
            .POST, "/v1/approvers", key: server.operatorKey, body: #"{"name":"\#(name)","address":"\#(address)"}"#)
    }

    @Test("an approver is added once per address, listed, and their key decides but does not administer")
    func added() async throws {
        let server = try await TestServer()
        let added = await add("Ada", "Ada@Example.com", on: server)
        #expect(added.status == 201 && added.text("address") == "ada@example.com")
        let id = try #require(added.text("id"))
        #expect(await add("Ada again", "ada@example.com", on: server).status == 422)
        let listed = await server.call(.GET, "/v1/approvers", key: server.operatorKey)
        #expect(listed.json?["approvers"]?.elements?.compactMap { $0["id"]?.text } == [id])

        let made = await server.call(.POST, "/v1/approvers/\(id)/keys", key: server.operatorKey)
        let key = try #require(made.text("key"))
        #expect(made.status == 201 && made.text("kind") == "approver" && made.text("holder") == id)
        #expect(await server.call(.GET, "/api/v1/permissions", key: key).status == 200)
        #expect(await server.call(.GET, "/v1/approvers", key: key).code == "not_permitted")
        #expect(await server.call(.GET, "/api/v1/agents", key: key).status == 403)
    }

    @Test("a person may have an operator's key of their own")
    func operatorRole() async throws {
        let server = try await TestServer()
        let id = try #require(await add("Ada", "ada@example.com", on: server).text("id"))
        let made = await server.call(
            .POST, "/v1/approvers/\(id)/keys", key: server.operatorKey,
            body: #"{"role":"operator","name":"laptop","expires_in_days":30}"#)
        let key = try #require(made.text("key"))
        #expect(made.text("name") == "laptop" && made.text("expires_at") != nil)
        #expect(await server.call(.GET, "/v1/approvers", key: key).status == 200)
    }

    @Test("whoever decides no longer loses their keys, found by id or by address")
    func disabled() async throws {
        let server = try await TestServer()
        let id = try #require(await add("Ada", "ada@example.com", on: server).text("id"))
        let key = try #require(
            await server.call(.POST, "/v1/approvers/\(id)/keys", key: server.operatorKey).text("key"))
        let changed = await server.call(
            .PATCH, "/v1/approvers/ada@example.com", key: server.operatorKey, body: #"{"is_active":false}"#)
        #expect(changed.status == 200 && changed.json?["is_active"] == .boolean(false))
        #expect(await server.call(.GET, "/api/v1/permissions", key: key).status == 401)
        _ = await server.call(.PATCH, "/v1/approvers/\(id)", key: server.operatorKey, body: #"{"is_active":true}"#)
        #expect(await server.call(.GET, "/api/v1/permissions", key: key).status == 401, "a revoked key stays revoked")
    }

    @Test(
        "what makes no approver is refused with what is wrong",
        arguments: [
            (#"{"name":"Ada"}"#, "missing_field"), (#"{"name":"Ada","address":"ada"}"#, "invalid_field"),
            (#"{"name":"","address":"ada@example.com"}"#, "invalid_field"),
            (#"{"name":"a\nb","address":"ada@example.com"}"#, "invalid_field"),
            (#"{"name":"Ada","address":"ada@example.com","active":true}"#, "unknown_field"),
        ])
    func malformed(_ body: String, _ code: String) async throws {
        let server = try await TestServer()
        let answer = await server.call(.POST, "/v1/approvers", key: server.operatorKey, body: body)
        #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
        #expect(await server.call(.GET, "/v1/approvers", key: server.operatorKey).text == #"{"approvers":[]}"#)
    }

    @Test("an approver of another workspace is none")
    func foreign() async throws {
        let server = try await TestServer()
        let id = try #require(await add("Ada", "ada@example.com", on: server).text("id"))
        let other = try await server.installation.workspace()
        let key = try await server.installation.keys.create(
            workspace: other.id, kind: .operator, name: "", origin: .system
        ).secret.text
        for (method, path, body) in [
            (HTTPMethod.PATCH, "/v1/approvers/\(id)", #"{"is_active":false}"#), (.POST, "/v1/approvers/\(id)/keys", ""),
        ] {
            #expect(await server.call(method, path, key: key, body: body).status == 404)
        }
        #expect(await server.call(.GET, "/v1/approvers", key: key).text == #"{"approvers":[]}"#)
    }
}
