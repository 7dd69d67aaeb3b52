import Encodings
import Fixtures
import HTTPServer
import Testing
import Workspaces

@Suite("Operator's API")
struct OperatorTests {
    private static let routes: [(HTTPMethod, String)] = [
        (.GET, "/v1/workspace"), (.PATCH, "/v1/workspace"), (.GET, "/v1/keys"), (.POST, "/v1/keys"),
        (.DELETE, "/v1/keys/key_0"), (.GET, "/v1/signing-keys"), (.POST, "/v1/signing-keys/rotate"),
        (.GET, "/v1/doctor"), (.POST, "/v1/approvers"), (.GET, "/v1/approvers"), (.PATCH, "/v1/approvers/apr_0"),
        (.POST, "/v1/approvers/apr_0/keys"), (.GET, "/v1/agents/stop"), (.POST, "/v1/agents/stop"),
        (.POST, "/v1/agents/resume"), (.POST, "/v1/agents/agt_0/revoke"), (.GET, "/v1/agents/agt_0/keys"),
        (.POST, "/v1/agents/agt_0/keys"), (.DELETE, "/v1/agents/agt_0/keys/key_0"), (.GET, "/v1/policies"),
        (.POST, "/v1/policies/apply"), (.POST, "/v1/policies/explain"), (.POST, "/v1/policies/replay"),
        (.GET, "/v1/guard"), (.POST, "/v1/guard/lift"),
    ]

    @Test("every route refuses strangers and secret keys")
    func operatorsOnly() async throws {
        let server = try await TestServer()
        var keys = [server.live, server.test]
        for kind in [KeyKind.approver, .verifier] {
            let made = try await server.installation.keys.create(
                workspace: server.workspace.id, kind: kind, name: "", origin: .system)
            keys.append(made.secret.text)
        }
        for (method, path) in Self.routes {
            #expect(await server.call(method, path).status == 401, "\(method) \(path)")
            for key in keys {
                let answer = await server.call(method, path, key: key)
                #expect(answer.status == 403 && answer.code == "not_permitted", "\(method) \(path)")
            }
        }
    }

    @Test("over the Unix socket the machine's user is the operator, and may send in either mode")
    func localUser() async throws {
        let server = try await TestServer()
        let local = Peer.local(user: 0)
        #expect(await server.call(.GET, "/v1/workspace", peer: local).text.contains(server.workspace.id))
        let body = #"{"to":"a@example.com","app":"Shop"}"#
        let simulated = await server.call(
            .POST, "/api/v1/send-otp", headers: [("X-Countersign-Mode", "test")], body: body, peer: local)
        #expect(simulated.text("code") != nil)
        #expect(await server.call(.POST, "/api/v1/send-otp", body: body, peer: local).status == 200)
        #expect(server.installation.mail.codes.count == 1)
    }

    @Test("a setting that does not exist is refused with the name that was meant")
    func unknownSetting() async throws {
        let server = try await TestServer()
        let answer = await server.call(
            .PATCH, "/v1/workspace", key: server.operatorKey, body: #"{"codelength":8}"#)
        #expect(answer.status == 422 && answer.text("detail")?.contains("code_length") == true)
    }

    @Test("a misspelt expiry makes no key")
    func misspeltExpiry() async throws {
        let server = try await TestServer()
        let answer = await server.call(
            .POST, "/v1/keys", key: server.operatorKey, body: #"{"kind":"live","expires_days":7}"#)
        #expect(answer.status == 422 && answer.code == "unknown_field")
        #expect(answer.text("detail")?.contains("expires_in_days") == true)
    }

    @Test("a key's name that would steer a terminal is refused")
    func controlCharacters() async throws {
        let server = try await TestServer()
        for name in [#"a\u001b[2J"#, #"a\u202Eb"#, #"a\nb"#] {
            let answer = await server.call(
                .POST, "/v1/keys", key: server.operatorKey, body: #"{"kind":"live","name":"\#(name)"}"#)
            #expect(answer.status == 422 && answer.code == "invalid_setting")
        }
    }

    @Test("a new key works at once, is shown once, and is refused at once when revoked")
    func keyLife() async throws {
        let server = try await TestServer()
        let created = await server.call(
            .POST, "/v1/keys", key: server.operatorKey, body: #"{"kind":"test","name":"ci","expires_in_days":7}"#)
        #expect(created.status == 201)
        let key = try #require(created.text("key"))
        let id = try #require(created.text("id"))
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#, key: key).status == 200)
        #expect(await !server.call(.GET, "/v1/keys", key: server.operatorKey).text.contains(key))
        #expect(await server.call(.DELETE, "/v1/keys/\(id)", key: server.operatorKey).status == 204)
        #expect(await server.call(.DELETE, "/v1/keys/\(id)", key: server.operatorKey).status == 204)
        let refused = await server.send(#"{"to":"b@example.com","app":"Shop"}"#, key: key)
        #expect(refused.status == 403 && refused.code == "KEY_REVOKED")
    }

    @Test("the key set may be cached, and names the issuer's keys only by their public halves")
    func keySet() async throws {
        let server = try await TestServer()
        let answer = await server.call(.GET, "/.well-known/jwks.json")
        #expect(answer.headers["Cache-Control"] == "public, max-age=300")
        #expect(!answer.text.contains("\"d\""))
    }

    @Test("who asks for captchas that nobody can check is warned at once; another change warns of nothing")
    func captchaWarning() async throws {
        let server = try await TestServer()
        func change(_ patch: String) async -> [String]? {
            await server.call(.PATCH, "/v1/workspace", key: server.operatorKey, body: patch)
                .json?["warnings"]?.elements?.compactMap(\.text)
        }
        #expect(await change(#"{"code_length":7}"#) == [])
        let warnings = await change(#"{"captcha":"required"}"#)
        #expect(warnings?.count == 1 && warnings?.first?.contains("nobody is there to check it") == true)
        #expect(await change(#"{"code_length":8}"#) == [])
        #expect(await change(#"{"captcha":"off"}"#) == [])
        #expect(await server.call(.GET, "/v1/workspace", key: server.operatorKey).json?["warnings"] == nil)
    }

    @Test("a rotation of what clients pin warns of it; a second one needs force, and says so")
    func pinnedRotation() async throws {
        let server = try await TestServer()
        func rotate(_ wish: String) async -> TestServer.Answer {
            await server.call(.POST, "/v1/signing-keys/rotate", key: server.operatorKey, body: wish)
        }
        #expect(await rotate("{}").json?["warnings"]?.elements?.isEmpty == true)
        let first = await rotate(#"{"pinned":true}"#)
        #expect(first.json?["warnings"]?.elements?.first?.text?.contains("Clients that pin the old keys") == true)
        let again = await rotate(#"{"pinned":true}"#)
        #expect(again.status == 409 && again.code == "rotated_recently")
        #expect(again.text("detail")?.contains("--force") == true)
        #expect(await rotate(#"{"pinned":true,"force":true}"#).status == 200)
    }

    private func finding(_ name: String, _ server: TestServer) async -> (status: String?, text: String) {
        let answer = await server.call(.GET, "/v1/doctor", key: server.operatorKey)
        let finding = answer.json?["checks"]?.elements?.first { $0["name"]?.text == name }
        let text = [finding?["message"]?.text, finding?["advice"]?.text].compactMap { $0 }.joined(separator: " ")
        return (finding?["status"]?.text, text)
    }

    @Test("doctor names limits that are switched off, and says how they are set again")
    func limitCheckup() async throws {
        let usual = await finding("limits", try await TestServer { _ in })
        #expect(usual.status == "ok" && usual.text.contains("countersign guard set --mode enforce"))
        let bare = try await TestServer {
            $0.recipientLimit = 0
            $0.guardMode = .off
        }
        let found = await finding("limits", bare)
        #expect(found.status == "warning" && found.text.contains("recipient_limit, guard_mode."))
        #expect(
            found.text.contains("countersign workspace set --recipient-limit 10; countersign guard set --mode shadow"))
        let enforcing = await finding("limits", try await TestServer { $0.guardMode = .enforce })
        #expect(enforcing.status == "ok" && !enforcing.text.contains("--mode"))
    }

    @Test("doctor says whether anybody is told of what should be seen at once")
    func alertCheckup() async throws {
        let server = try await TestServer()
        func listen(_ wish: String) async throws {
            let answer = await server.call(
                .POST, "/v1/webhooks", key: server.operatorKey,
                body: #"{"url":"https://hooks.example.com/","event_types":\#(wish)}"#)
            try #require(answer.status == 201, "\(answer.text)")
        }
        try await listen(#"["key.leaked","guard.stopped"]"#)
        let found = await finding("alerts", server)
        #expect(found.status == "warning" && found.text.contains("No webhook takes alert.raised:"))
        try await listen(#"["alert.raised"]"#)
        #expect(await finding("alerts", server).status == "ok")
    }

    @Test("doctor says from where operators' keys are accepted")
    func operatorKeyCheckup() async throws {
        let open = await finding("operator keys", try await TestServer())
        #expect(open.status == "ok" && open.text.contains("from everywhere, without a client certificate"))
        #expect(open.text.contains("operator.allowed_addresses"))
        let addresses = try #require(AddressList(texts: ["127.0.0.0/8", "10.0.0.0/8"]))
        let narrow = await finding("operator keys", try await TestServer().configured(operatorAddresses: addresses))
        #expect(
            narrow.text == "Operators' keys are accepted from 127.0.0.0/8, 10.0.0.0/8, without a client certificate.")
    }

    @Test("doctor says where captchas are due that nobody can check, and is silent where none are")
    func captchaCheckup() async throws {
        for (captcha, isSaid) in [(WorkspaceSettings.Captcha.required, true), (.off, false)] {
            let server = try await TestServer { $0.captcha = captcha }
            let answer = await server.call(.GET, "/v1/doctor", key: server.operatorKey)
            let finding = answer.json?["checks"]?.elements?.first { $0["name"]?.text == "captcha" }
            #expect((finding?["status"]?.text == "failed") == isSaid && (finding == nil) != isSaid)
        }
    }
}
