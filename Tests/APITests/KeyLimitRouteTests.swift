import Encodings
import Fixtures
import HTTPServer
import Permissions
import Testing
import Workspaces

@Suite("Address lists, at the routes")
struct KeyLimitRouteTests {
    private static let body = #"{"to":"a@example.com","app":"Shop"}"#
    private static let inside = Peer.address(ip: "192.0.2.7", port: 1)
    private static let outside = Peer.address(ip: "198.51.100.7", port: 1)
    private static let local = Peer.local(user: 0)

    let server: TestServer

    init() async throws { server = try await TestServer() }

    private func create(_ members: String) async -> TestServer.Answer {
        await server.call(.POST, "/v1/keys", key: server.operatorKey, body: "{\(members)}")
    }

    private func send(_ key: String, from peer: Peer, on server: TestServer? = nil) async -> TestServer.Answer {
        await (server ?? self.server).call(.POST, "/api/v1/send-otp", key: key, body: Self.body, peer: peer)
    }

    @Test("an entry that is no address is named by its place")
    func wrongEntry() async throws {
        let answer = await create(#""kind":"live","allowed_addresses":["192.0.2.7","10.0.0.1/8"]"#)
        #expect(answer.status == 422 && answer.text("detail")?.contains("entry 2 is neither") == true)
    }

    @Test("a key works from where it is accepted, is refused elsewhere without a word of why, and that is audited")
    func list() async throws {
        let created = await create(#""kind":"live","allowed_addresses":["192.0.2.0/24","2001:db8::/32"]"#)
        #expect(created.json?["allowed_addresses"]?.elements?.compactMap(\.text) == ["192.0.2.0/24", "2001:db8::/32"])
        let key = try #require(created.text("key"))
        #expect(await send(key, from: Self.inside).status == 200)
        let refused = await send(key, from: Self.outside)
        #expect(refused.status == 403 && refused.code == "PERMISSION_DENIED")
        #expect(!refused.text.contains("192.0.2") && !refused.text.contains("198.51.100"))
        #expect(
            try await server.installation.auditTrail(server.workspace).last
                == "authentication.failed refused addressNotAllowed")
        // Over the Unix socket a key has no address, so it is on no list; without a key nobody asks for one.
        #expect(await send(key, from: Self.local).status == 403)
        let metrics = await server.call(.GET, "/metrics", key: server.operatorKey).text
        #expect(metrics.contains(#"countersign_keys_refused_total{reason="address"} 2"#))
    }

    @Test("from elsewhere a good key is refused the same way however often; who guesses from there is told to wait")
    func oftenRefused() async throws {
        let agent = try await server.permissions.agents.create(
            AgentProfile(name: "Robot", allowedAddresses: try #require(AddressList(texts: ["192.0.2.0/24"]))),
            workspace: server.workspace.id, mode: .live, origin: .system)
        let key = try #require(await create(#""kind":"operator","allowed_addresses":["192.0.2.0/24"]"#).text("key"))
        for key in [key, agent.key.secret.text] {
            for _ in 1...30 {
                let refused = await server.call(.GET, "/api/v1/permissions", key: key, peer: Self.outside)
                #expect(refused.status == 403 && refused.json?["error"]?["code"]?.text == "ADDRESS_NOT_ALLOWED")
                #expect(refused.headers["Retry-After"] == nil)
            }
        }
        func guess() async -> Int {
            await server.call(.GET, "/api/v1/permissions", key: "ak_live_bad", peer: Self.outside).status
        }
        for _ in 1...20 { #expect(await guess() == 401) }
        #expect(await guess() == 429)
    }

    @Test("a change counts for the next request, and null brings back what was usual")
    func change() async throws {
        let created = await create(#""kind":"live""#)
        let (id, key) = (try #require(created.text("id")), try #require(created.text("key")))
        #expect(await send(key, from: Self.outside).status == 200)
        func change(_ body: String, key: String? = nil) async -> TestServer.Answer {
            await server.call(.PATCH, "/v1/keys/\(id)", key: key ?? server.operatorKey, body: body)
        }
        #expect(await change(#"{"allowed_addresses":["192.0.2.7"],"abilities":["read"]}"#).status == 200)
        #expect(await send(key, from: Self.outside).status == 403)
        #expect(await change(#"{"allowed_addresses":null}"#).json?["abilities"]?.elements?.count == 1)
        #expect(await send(key, from: Self.outside).status == 403)
        let usual = await change(#"{"abilities":null}"#)
        #expect(usual.json?["abilities"]?.elements?.compactMap(\.text) == ["send", "verify", "read"])
        #expect(await send(key, from: Self.outside).code != "PERMISSION_DENIED")
        #expect(await change("{}", key: key).status == 403)
        let foreign = try await server.installation.keys.create(
            workspace: try await server.installation.workspace().id, kind: .operator, name: "", origin: .system)
        #expect(await change("{}", key: foreign.secret.text).status == 404)
    }

    @Test(
        "what is no list is refused",
        arguments: [
            #""allowed_addresses":["10.0.0.1/8"]"#, #""allowed_addresses":"10.0.0.0/8""#, #""allowed_addresses":[7]"#,
            #""abilities":[]"#, #""abilities":["sned"]"#, #""abilities":["send","send"]"#, #""abilities":"send""#,
            #""abilties":["send"]"#,
        ])
    func wrong(members: String) async {
        let answer = await create(#""kind":"live",\#(members)"#)
        #expect((400...422).contains(answer.status), "\(answer.text)")
    }

    @Test(
        "a workspace's list holds for all its keys, operators' too, and the Unix socket mends a list that shuts all out"
    )
    func workspace() async throws {
        let patch = #"{"allowed_addresses":["192.0.2.7"]}"#
        #expect(await server.call(.PATCH, "/v1/workspace", key: server.operatorKey, body: patch).status == 200)
        #expect(await send(server.live, from: Self.inside).status == 200)
        #expect(await send(server.live, from: Self.outside).status == 403)
        #expect(await server.call(.GET, "/v1/workspace", key: server.operatorKey, peer: Self.outside).status == 403)
        let opened = await server.call(
            .PATCH, "/v1/workspace", body: #"{"allowed_addresses":[]}"#, peer: Self.local)
        #expect(opened.status == 200)
        #expect(await server.call(.GET, "/v1/workspace", key: server.operatorKey, peer: Self.outside).status == 200)
    }

    @Test("the server's own list keeps operators' keys to their network, at every route, and nobody else's")
    func operators() async throws {
        let server = try server.configured(operatorAddresses: #require(AddressList(texts: ["192.0.2.0/24"])))
        for path in ["/v1/workspace", "/api/v1/policies", "/metrics", "/api/v1/passcodes/statistics", "/v1/log/state"] {
            #expect(await server.call(.GET, path, key: server.operatorKey, peer: Self.inside).status == 200, "\(path)")
            #expect(await server.call(.GET, path, key: server.operatorKey, peer: Self.outside).status == 403, "\(path)")
            #expect(
                try await server.installation.auditTrail(server.workspace).last
                    == "authentication.failed refused addressNotAllowed")
        }
        #expect(await server.call(.GET, "/v1/workspace", peer: Self.local).status == 200)
        #expect(await send(server.live, from: Self.outside, on: server).status == 200)
    }

    @Test("many refusals from one place fill no log")
    func flood() async throws {
        let created = await create(#""kind":"live","allowed_addresses":["192.0.2.7"]"#)
        let key = try #require(created.text("key"))
        for _ in 0..<60 { _ = await send(key, from: Self.outside) }
        let entries = try await server.installation.auditTrail(server.workspace).count {
            $0.contains("addressNotAllowed")
        }
        #expect(entries == 20)
    }
}
