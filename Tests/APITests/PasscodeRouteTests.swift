import EnclaveLink
import Fixtures
import JOSE
import Testing

@Suite("OTP Edge dialect: what has become of a passcode")
struct PasscodeRouteTests {
    private static let provider = ConfiguredProvider(
        purpose: .messages(.sms), name: "twilio", host: "api.example", port: 443)
    private static let good = #"{"to":"+4915112345678","app":"Shop"}"#

    private func sent(_ server: TestServer) async throws -> String {
        server.installation.mail.answer(.accepted(provider: "twilio", message: "SM1"), by: "twilio")
        return try #require(await server.send(Self.good, key: server.live).text("req_id"))
    }

    @Test("status and cancel answer as documented, with and without /api", arguments: ["/api/v1", "/v1"])
    func documentedAnswers(prefix: String) async throws {
        let server = try await TestServer(providers: [Self.provider])
        let id = try await sent(server)
        let shown = await server.call(.GET, "\(prefix)/passcodes/\(id)", key: server.live)
        #expect(shown.status == 200)
        #expect(
            shown.json?.members?.map(\.name) == [
                "attempts_remaining", "channel", "created_at", "deliveries", "expires_at", "req_id", "status",
            ])
        #expect(shown.text("status") == "sent" && shown.text("req_id") == id && shown.text("channel") == "sms")
        #expect(shown.number("attempts_remaining") == 5)
        let delivery = try #require(shown.json?["deliveries"]?.elements?.first)
        #expect(delivery.members?.map(\.name) == ["channel", "provider", "settled_at", "started_at", "status"])
        #expect(delivery["provider"]?.text == "twilio" && delivery["status"]?.text == "sent")
        // The provider's own name for a message is how its reports are found, and nobody else's business.
        #expect(!shown.text.contains("SM1"))

        let canceled = await server.call(.POST, "\(prefix)/passcodes/\(id)/cancel", key: server.live)
        #expect(canceled.status == 200 && canceled.text("status") == "canceled")
        #expect(canceled.number("attempts_remaining") == 0)
    }

    @Test("a code that was verified is not canceled")
    func verified() async throws {
        let server = try await TestServer()
        let id = try await sent(server)
        let code = try #require(server.installation.mail.codes.first)
        #expect(
            await server.verify(#"{"to":"+4915112345678","code":"\#(code)"}"#, key: server.live).status == 200)
        let answer = await server.call(.POST, "/v1/passcodes/\(id)/cancel", key: server.live)
        #expect(answer.status == 409 && answer.code == "ALREADY_VERIFIED")
        #expect(await server.call(.GET, "/v1/passcodes/\(id)", key: server.live).text("status") == "verified")
    }

    @Test("a foreign code, the other mode's and none answer alike; operators and strangers get none")
    func foreign() async throws {
        let server = try await TestServer()
        let id = try await sent(server)
        let other = try await server.installation.keys.create(
            workspace: try await server.installation.workspace().id, kind: .live, name: "", origin: .system
        ).secret.text
        for method in ["", "/cancel"] {
            func ask(_ id: String, _ key: String?) async -> TestServer.Answer {
                await server.call(method.isEmpty ? .GET : .POST, "/v1/passcodes/\(id)\(method)", key: key)
            }
            let missing = await ask("oe_000000000000", server.live)
            #expect(missing.status == 404 && missing.code == "NOT_FOUND")
            for (id, key) in [(id, other), (id, server.test), (String(repeating: "x", count: 500), server.live)] {
                let answer = await ask(id, key)
                #expect(answer.status == 404 && answer.text == missing.text)
            }
            #expect(await ask(id, server.operatorKey).status == 403)
            #expect(await ask(id, nil).code == "MISSING_API_KEY")
        }
        #expect(await server.call(.GET, "/v1/passcodes/\(id)", key: server.live).text("status") == "sent")
    }

    @Test("each change is a webhook, which has neither code nor contact")
    func webhooks() async throws {
        let server = try await TestServer(providers: [Self.provider]) { _ in
        } readReports: { request in
            .reports([DeliveryReport(message: "SM1", state: .delivered, reason: "", time: nil)])
        }
        _ = await server.call(
            .POST, "/v1/webhooks", key: server.operatorKey, body: #"{"url":"https://hooks.example.com/"}"#)
        let id = try await sent(server)
        #expect(await server.call(.POST, "/v1/delivery-reports/twilio").status == 200)
        _ = await server.call(.POST, "/v1/passcodes/\(id)/cancel", key: server.live)
        let dispatcher = server.installation.webhookDispatcher
        let running = Task { await dispatcher.run() }
        while server.installation.receivers.received.count < 3 { await Task.yield() }
        _ = await dispatcher.stop(within: .seconds(5))
        await running.value
        let bodies = try server.installation.receivers.received.map { try JSONValue(parsing: Array($0.body.utf8)) }
        #expect(
            Set(bodies.compactMap { $0["type"]?.text }) == ["passcode.sent", "passcode.delivered", "passcode.canceled"])
        for body in bodies {
            #expect(body["data"]?["passcodeId"]?.text == id)
            #expect(!"\(body)".contains("15112345678"))
        }
    }

    @Test("a report that the enclave refuses is 401, one that it cannot read 400, of an unknown message 200")
    func reports() async throws {
        for (reading, status) in [
            (DeliveryReportsReading.refused, 401), (.malformed, 400), (.reports([]), 200),
            (.reports([DeliveryReport(message: "x", state: .failed, reason: "1", time: nil)]), 200),
        ] {
            let server = try await TestServer(providers: [Self.provider]) { _ in
            } readReports: { _ in
                reading
            }
            let answer = await server.call(.POST, "/v1/delivery-reports/twilio", body: "a=b")
            #expect(answer.status == status && (status == 200) == answer.text.isEmpty)
            // No such provider: the enclave is not asked.
            #expect(await server.call(.POST, "/v1/delivery-reports/nobody", body: "a=b").status == 401)
        }
    }

    @Test("the enclave gets a report as it came: address, header fields and body, which its signature covers")
    func passedOn() async throws {
        let server = try await TestServer(providers: [Self.provider]) { _ in
        } readReports: { request in
            let signed = request.headers.first { $0.name.lowercased() == "x-signature" }?.value
            let isWhole =
                request.method == "POST" && request.url == Installation.issuer + "/v1/delivery-reports/twilio?a=%20b"
                && signed == "s" && request.body == Array("MessageSid=SM1".utf8)
            return isWhole ? .confirmation("as it came") : .refused
        }
        let answer = await server.call(
            .POST, "/v1/delivery-reports/twilio?a=%20b", headers: [("X-Signature", "s")], body: "MessageSid=SM1")
        #expect(answer.status == 200 && answer.text == "as it came")
    }

    @Test("a report that is too long or has too many header fields is refused before anybody reads it")
    func tooMuch() async throws {
        let server = try await TestServer(providers: [Self.provider]) { _ in
        } readReports: { _ in
            Issue.record("read")
            return .refused
        }
        let long = String(repeating: "x", count: ReadDeliveryReports.bodyLimit + 1)
        #expect(await server.call(.POST, "/v1/delivery-reports/twilio", body: long).status == 400)
        let headers = (0..<70).map { ("X-\($0)", "y") }
        #expect(await server.call(.POST, "/v1/delivery-reports/twilio", headers: headers).status == 401)
    }

    @Test("doctor names a provider that failed again and again")
    func doctor() async throws {
        let server = try await TestServer(providers: [Self.provider])
        server.installation.mail.answer(
            .failed(
                DeliveryFailure(provider: "twilio", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)),
            by: "twilio")
        for number in 0..<5 {
            _ = await server.send(#"{"to":"+491511234567\#(number)","app":"Shop"}"#, key: server.live)
        }
        let checks = await server.call(.GET, "/v1/doctor", key: server.operatorKey)
        #expect(checks.text.contains("twilio failed again and again"))
    }
}
