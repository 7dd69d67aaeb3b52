import Fixtures
import HTTPServer
import Testing

@Suite("Operator's API: the agents' switch and keys")
struct AgentSwitchTests {
    /// An agent, its key, and a request that waits for a person.
    private func agent(_ server: TestServer, mode: String = "live") async throws -> (id: String, key: String) {
        let made = await server.call(
            .POST, "/api/v1/agents", key: server.operatorKey, body: #"{"name":"Robot","mode":"\#(mode)"}"#)
        let data = try #require(made.json?["data"])
        return (try #require(data["id"]?.text), try #require(data["apiKey"]?.text))
    }

    private func ask(_ key: String, on server: TestServer) async -> TestServer.Answer {
        await server.call(.POST, "/api/v1/permissions/request", key: key, body: #"{"action":"mail.send"}"#)
    }

    private func status(_ id: String, on server: TestServer) async -> String? {
        await server.call(.GET, "/api/v1/permissions/\(id)", key: server.operatorKey).json?["data"]?["status"]?.text
    }

    @Test("the kill switch refuses every agent at once, ends what waits, and is undone")
    func stop() async throws {
        let server = try await TestServer()
        let (_, key) = try await agent(server)
        let waiting = try #require(await ask(key, on: server).json?["data"]?["id"]?.text)
        #expect(await server.call(.GET, "/v1/agents/stop", key: server.operatorKey).text == #"{"stopped":false}"#)
        for _ in 0..<2 {
            let stopped = await server.call(.POST, "/v1/agents/stop", key: server.operatorKey)
            #expect(stopped.status == 200 && stopped.text("stopped_at") == "2026-11-21T08:00:00Z")
        }
        #expect(await ask(key, on: server).status == 403)
        #expect(await status(waiting, on: server) == "revoked")
        #expect(await server.call(.POST, "/v1/agents/resume", key: server.operatorKey).text == #"{"stopped":false}"#)
        #expect(await ask(key, on: server).status == 202)
    }

    @Test("a revoked agent has no key that works, and works again once it is switched on and has a new one")
    func revoke() async throws {
        let server = try await TestServer()
        let (id, key) = try await agent(server)
        let more = try #require(
            await server.call(.POST, "/v1/agents/\(id)/keys", key: server.operatorKey, body: #"{"mode":"test"}"#)
                .text("key"))
        #expect(more.hasPrefix("ak_test_"))
        let waiting = try #require(await ask(key, on: server).json?["data"]?["id"]?.text)
        for _ in 0..<2 {
            #expect(await server.call(.POST, "/v1/agents/\(id)/revoke", key: server.operatorKey).status == 204)
        }
        for key in [key, more] { #expect(await ask(key, on: server).status == 401) }
        #expect(await status(waiting, on: server) == "revoked")
        _ = await server.call(.PATCH, "/api/v1/agents/\(id)", key: server.operatorKey, body: #"{"isActive":true}"#)
        #expect(await ask(key, on: server).status == 401, "switching it on brings no key back")
        let fresh = try #require(
            await server.call(.POST, "/v1/agents/\(id)/keys", key: server.operatorKey).text("key"))
        #expect(await ask(fresh, on: server).status == 202)
    }

    @Test("one key of several ends with what it opened, and its end twice is no failure")
    func revokeOne() async throws {
        let server = try await TestServer()
        let (id, first) = try await agent(server)
        let made = await server.call(
            .POST, "/v1/agents/\(id)/keys", key: server.operatorKey, body: #"{"name":"second","expires_in_days":7}"#)
        let second = try #require(made.text("key"))
        let keys = await server.call(.GET, "/v1/agents/\(id)/keys", key: server.operatorKey)
        #expect(keys.json?["keys"]?.elements?.count == 2 && !keys.text.contains(second) && !keys.text.contains(first))
        let name = try #require(made.text("id"))
        for _ in 0..<2 {
            #expect(
                await server.call(.DELETE, "/v1/agents/\(id)/keys/\(name)", key: server.operatorKey).status == 204)
        }
        #expect(await ask(second, on: server).status == 401)
        #expect(await ask(first, on: server).status == 202)
    }

    @Test("agents and keys of another workspace are none, and an agent's key is no key of the workspace's")
    func foreign() async throws {
        let server = try await TestServer()
        let (id, _) = try await agent(server)
        let listed = await server.call(.GET, "/v1/agents/\(id)/keys", key: server.operatorKey)
        let name = try #require(listed.json?["keys"]?.elements?.first?["id"]?.text)
        #expect(await server.call(.DELETE, "/v1/keys/\(name)", key: server.operatorKey).status == 404)
        #expect(await !server.call(.GET, "/v1/keys", key: server.operatorKey).text.contains(name))
        let other = try await server.installation.workspace()
        let key = try await server.installation.keys.create(
            workspace: other.id, kind: .operator, name: "", origin: .system
        ).secret.text
        for (method, path) in [
            (HTTPMethod.POST, "/v1/agents/\(id)/revoke"), (.GET, "/v1/agents/\(id)/keys"),
            (.POST, "/v1/agents/\(id)/keys"), (.DELETE, "/v1/agents/\(id)/keys/\(name)"),
        ] {
            #expect(await server.call(method, path, key: key).status == 404, "\(method) \(path)")
        }
        _ = await server.call(.POST, "/v1/agents/stop", key: key)
        #expect(await server.call(.GET, "/v1/agents/stop", key: server.operatorKey).text == #"{"stopped":false}"#)
    }

    @Test("an agent's key of no known mode is not made")
    func unknownMode() async throws {
        let server = try await TestServer()
        let (id, _) = try await agent(server)
        let answer = await server.call(
            .POST, "/v1/agents/\(id)/keys", key: server.operatorKey, body: #"{"mode":"demo"}"#)
        #expect(answer.status == 422 && answer.code == "invalid_field")
    }
}
