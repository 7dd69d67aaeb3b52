import Fixtures
import HTTPServer
import JOSE
import Testing

@Suite("Operator's API: webhooks")
struct WebhookRouteTests {
    private static let url = "https://hooks.example.com/path"

    private func create(_ server: TestServer, _ body: String? = nil) async throws -> TestServer.Answer {
        let answer = await server.call(
            .POST, "/v1/webhooks", key: server.operatorKey, body: body ?? #"{"url":"\#(Self.url)"}"#)
        try #require(answer.status == 201, "\(answer.text)")
        return answer
    }

    private func call(
        _ server: TestServer, _ method: HTTPMethod, _ path: String, _ body: String = ""
    ) async -> TestServer.Answer {
        await server.call(method, "/v1/webhooks/\(path)", key: server.operatorKey, body: body)
    }

    @Test("every route refuses strangers and secret keys, and knows no other workspace's endpoint")
    func operatorsOnly() async throws {
        let server = try await TestServer()
        let other = try await server.installation.workspace()
        let foreign = try await server.installation.keys.create(
            workspace: other.id, kind: .operator, name: "", origin: .system
        ).secret.text
        let id = try #require(try await create(server).text("id"))
        let routes: [(HTTPMethod, String, String)] = [
            (.GET, "/\(id)", ""), (.PATCH, "/\(id)", "{}"), (.DELETE, "/\(id)", ""),
            (.POST, "/\(id)/rotate-secret", ""), (.GET, "/\(id)/deliveries", ""),
            (.GET, "/\(id)/deliveries/msg_1", ""), (.POST, "/\(id)/test", ""),
            (.POST, "/\(id)/replay", #"{"all":true}"#),
        ]
        for (method, path, body) in routes + [(.GET, "", ""), (.POST, "", #"{"url":"\#(Self.url)"}"#)] {
            #expect(await server.call(method, "/v1/webhooks\(path)", body: body).status == 401, "\(method) \(path)")
            for key in [server.live, server.test] {
                let answer = await server.call(method, "/v1/webhooks\(path)", key: key, body: body)
                #expect(answer.status == 403 && answer.code == "not_permitted", "\(method) \(path)")
            }
        }
        for (method, path, body) in routes {
            let answer = await server.call(method, "/v1/webhooks\(path)", key: foreign, body: body)
            #expect(answer.status == 404 && answer.code == "not_found", "\(method) \(path)")
        }
        #expect(await server.call(.GET, "/v1/webhooks", key: foreign).text == #"{"webhooks":[]}"#)
    }

    @Test("the secret is in the answer that makes it, and in no other")
    func secret() async throws {
        let server = try await TestServer()
        let made = try await create(server)
        let id = try #require(made.text("id"))
        let secret = try #require(made.text("secret"))
        #expect(secret.hasPrefix("whsec_"))
        for path in ["", id] {
            let answer = await server.call(
                .GET, path.isEmpty ? "/v1/webhooks" : "/v1/webhooks/\(path)", key: server.operatorKey)
            #expect(answer.status == 200 && answer.text.contains(id) && !answer.text.contains("whsec_"))
        }
        let rotated = await call(server, .POST, "\(id)/rotate-secret", #"{"grace_period_seconds":60}"#)
        #expect(rotated.text("secret")?.hasPrefix("whsec_") == true && rotated.text("secret") != secret)
        #expect(!server.log.lines.contains { $0.contains("whsec_") || $0.contains(Self.url) })
    }

    @Test("a patch changes what it names; null brings all types back; enabled enables and disables")
    func patch() async throws {
        let server = try await TestServer()
        let made = try await create(
            server, #"{"url":"\#(Self.url)","description":"SIEM","event_types":["permission.used"]}"#)
        let id = try #require(made.text("id"))
        #expect(made.json?["event_types"]?.elements?.compactMap(\.text) == ["permission.used"])
        let changed = await call(server, .PATCH, id, #"{"event_types":null,"enabled":false}"#)
        #expect(changed.status == 200 && changed.json?["event_types"] == nil)
        #expect(changed.text("state") == "disabled" && changed.text("disabled_reason") == "operator")
        #expect(changed.text("description") == "SIEM" && changed.text("url") == Self.url)
        let enabled = await call(server, .PATCH, id, #"{"enabled":true,"url":"https://new.example/"}"#)
        #expect(enabled.text("state") == "enabled" && enabled.text("url") == "https://new.example/")
        #expect(await call(server, .PATCH, id, "{}").text("url") == "https://new.example/")
        #expect(await call(server, .DELETE, id).status == 204)
        #expect(await call(server, .GET, id).status == 404)
    }

    @Test(
        "what is wrong with a body is said, and nothing happens",
        arguments: [
            ("{}", "missing_field"), (#"{"url":7}"#, "invalid_field"),
            (#"{"url":"http://a.example/"}"#, "invalid_setting"),
            (#"{"url":"https://127.0.0.1/"}"#, "host_not_allowed"),
            (#"{"url":"https://a.example/","event_types":["permission.usedd"]}"#, "invalid_field"),
            (#"{"url":"https://a.example/","event_types":[]}"#, "invalid_setting"),
            (#"{"url":"https://a.example/","events":["permission.used"]}"#, "unknown_field"),
            (#"{"url":"https://a.example/","url":"https://b.example/"}"#, "invalid_field"), ("[", "invalid_json"),
        ])
    func wrongBodies(_ body: String, _ code: String) async throws {
        let server = try await TestServer()
        let answer = await server.call(.POST, "/v1/webhooks", key: server.operatorKey, body: body)
        #expect(answer.code == code, "\(answer.text)")
        #expect(await server.call(.GET, "/v1/webhooks", key: server.operatorKey).text == #"{"webhooks":[]}"#)
    }

    @Test("wrong patches, periods, pages and replays are refused")
    func wrongCalls() async throws {
        let server = try await TestServer()
        let id = try #require(try await create(server).text("id"))
        let calls: [(HTTPMethod, String, String, String)] = [
            (.PATCH, id, #"{"enabled":"yes"}"#, "invalid_field"), (.PATCH, id, #"{"url":null}"#, "invalid_setting"),
            (.PATCH, id, #"{"event_types":"all"}"#, "invalid_field"),
            (.PATCH, id, #"{"state":"enabled"}"#, "unknown_field"),
            (.POST, "\(id)/rotate-secret", #"{"grace_period_seconds":-1}"#, "invalid_setting"),
            (.POST, "\(id)/rotate-secret", #"{"grace_period":1}"#, "unknown_field"),
            (.GET, "\(id)/deliveries?state=lost", "", "invalid_field"),
            (.GET, "\(id)/deliveries?limit=0", "", "invalid_setting"),
            (.GET, "\(id)/deliveries?limit=many", "", "invalid_field"),
            (.GET, "\(id)/deliveries/msg_none", "", "not_found"), (.POST, "\(id)/replay", "{}", "invalid_field"),
            (.POST, "\(id)/replay", #"{"all":false}"#, "invalid_field"),
            (.POST, "\(id)/replay", #"{"all":true,"delivery":"msg_1"}"#, "invalid_field"),
            (.POST, "\(id)/replay", #"{"delivery":"msg_none"}"#, "not_found"),
        ]
        for (method, path, body, code) in calls {
            #expect(await call(server, method, path, body).code == code, "\(method) \(path) \(body)")
        }
    }

    @Test("deliveries are listed page by page with their attempts, and dead ones are sent again")
    func deliveries() async throws {
        let server = try await TestServer()
        let id = try #require(try await create(server).text("id"))
        server.installation.receivers.answer(at: Self.url, status: 410)
        var sent: [String] = []
        for _ in 1...3 {
            server.installation.time.advance(seconds: 1)
            let answer = await call(server, .POST, "\(id)/test")
            #expect(answer.status == 202)
            sent.append(try #require(answer.text("delivery")))
        }
        await server.installation.webhookDispatcher.deliverDue()
        func page(_ query: String) async throws -> [String] {
            let answer = await call(server, .GET, "\(id)/deliveries?\(query)")
            return try #require(answer.json?["deliveries"]?.elements?.compactMap { $0["id"]?.text })
        }
        #expect(try await page("limit=2") == [sent[2], sent[1]])
        #expect(try await page("limit=2&before=\(sent[1])") == [sent[0]])
        #expect(try await page("state=delivered").isEmpty)
        #expect(try await page("state=dead").count == 3)
        let attempts = await call(server, .GET, "\(id)/deliveries/\(sent[0])").json?["attempts"]?.elements
        #expect(attempts?.first?["status"]?.double == 410 && attempts?.first?["outcome"]?.text == "answered")

        #expect(await call(server, .POST, "\(id)/replay", #"{"all":true}"#).code == "endpoint_disabled")
        _ = await call(server, .PATCH, id, #"{"enabled":true}"#)
        server.installation.receivers.answer(at: Self.url, status: 200)
        #expect(await call(server, .POST, "\(id)/replay", #"{"delivery":"\#(sent[0])"}"#).number("replayed") == 1)
        #expect(await call(server, .POST, "\(id)/replay", #"{"all":true}"#).number("replayed") == 2)
        await server.installation.webhookDispatcher.deliverDue()
        #expect(try await page("state=delivered").count == 3)
        #expect(await call(server, .POST, "\(id)/replay", #"{"delivery":"\#(sent[0])"}"#).code == "not_dead")
    }
}
