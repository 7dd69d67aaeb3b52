import Fixtures
import HTTPServer
import Testing
import Workspaces

@Suite("OTP Edge dialect")
struct OTPEdgeTests {
    private static let good = #"{"to":"+4915112345678","app":"Shop"}"#

    @Test("send and verify answer as documented, with and without /api", arguments: ["/api/v1", "/v1"])
    func documentedAnswers(prefix: String) async throws {
        let server = try await TestServer()
        let sent = await server.call(.POST, prefix + "/send-otp", key: server.test, body: Self.good)
        #expect(sent.status == 200)
        #expect(sent.json?["success"] == .boolean(true) && sent.text("status") == "dispatched")
        #expect(sent.text("req_id")?.wholeMatch(of: /oe_[0-9a-f]{12}/) != nil)
        let code = try #require(sent.text("code"))
        let verified = await server.call(
            .POST, prefix + "/verify-otp", key: server.test,
            body: #"{"phone_number":"+4915112345678","code":"\#(code)"}"#)
        #expect(verified.status == 200)
        #expect(verified.text("status") == "verified")
        #expect(verified.text("identity_token")?.split(separator: ".").count == 3)
        #expect(verified.json?.members?.count == 2)
    }

    @Test("a live key's answer has no code")
    func liveAnswerHasNoCode() async throws {
        let server = try await TestServer()
        let sent = await server.send(Self.good, key: server.live)
        #expect(sent.status == 200 && sent.json?.members?.count == 4)
        #expect(sent.json?["code"] == nil && sent.number("resend_after") == 60)
    }

    @Test("to is another name of phone_number; both with different values are refused")
    func alias() async throws {
        let server = try await TestServer()
        let code = try #require(await server.send(#"{"to":"a@example.com","app":"Shop"}"#).text("code"))
        let both = await server.verify(#"{"to":"a@example.com","phone_number":"b@example.com","code":"\#(code)"}"#)
        #expect(both.status == 400 && both.code == "INVALID_FIELD")
        #expect(await server.verify(#"{"to":"a@example.com","code":"\#(code)"}"#).status == 200)
    }

    @Test(
        "bad input gets the documented status and code",
        arguments: [
            ("", "INVALID_JSON"), ("{", "INVALID_JSON"), ("[]", "INVALID_JSON"), ("null", "INVALID_JSON"),
            ("\"x\"", "INVALID_JSON"),
            (String(repeating: "[", count: 17), "INVALID_JSON"),
            (#"{"app":"Shop"}"#, "MISSING_FIELD"), (#"{"to":"+4915112345678"}"#, "MISSING_FIELD"),
            (#"{"to":null,"app":"Shop"}"#, "MISSING_FIELD"), (#"{"to":4915112345678,"app":"Shop"}"#, "INVALID_FIELD"),
            (#"{"to":["+4915112345678"],"app":"Shop"}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":""}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":"a\nb"}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":"\u202Eevil"}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":"\#(String(repeating: "x", count: 65))"}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":"Shop","chanel":"sms"}"#, "UNKNOWN_FIELD"),
            (#"{"to":"+4915112345678","to":"+4915112345679","app":"Shop"}"#, "INVALID_FIELD"),
            (#"{"to":"+4915112345678","app":"Shop","template":"other"}"#, "MISSING_TEMPLATE"),
            (#"{"to":"+4915112345678","app":"Shop","channel":"pigeon"}"#, "INVALID_CHANNEL"),
            (#"{"to":"+4915112345678","app":"Shop","channel":"email"}"#, "INVALID_CHANNEL"),
            (#"{"to":"a@example.com","app":"Shop","channel":"sms"}"#, "INVALID_CHANNEL"),
            (#"{"to":"015112345678","app":"Shop"}"#, "INVALID_PHONE_NUMBER"),
            (#"{"to":"+4915","app":"Shop"}"#, "INVALID_PHONE_NUMBER"),
            (#"{"to":"a@b","app":"Shop"}"#, "INVALID_EMAIL"),
            (#"{"to":"+499001234567","app":"Shop"}"#, "PHONE_NUMBER_REFUSED"),
        ])
    func badInput(body: String, code: String) async throws {
        let server = try await TestServer()
        let before = try await server.installation.auditTrail(server.workspace)
        let answer = await server.send(body)
        #expect(answer.status == 400 && answer.code == code)
        #expect(answer.text("error") != nil)
        #expect(try await server.installation.auditTrail(server.workspace) == before)
    }

    @Test("a field that comes twice is named whole in the answer, and in the log only where it can be a name")
    func repeatedField() async throws {
        let server = try await TestServer()
        let answer = await server.send(
            #"{"to":"+4915112345678","app":"Shop","4915112345679":"a","4915112345679":"b"}"#)
        #expect(answer.status == 400 && answer.code == "INVALID_FIELD")
        #expect(answer.text("details") == "4915112345679")
        let refusals = server.log.lines.filter { $0.contains("INVALID_FIELD") }
        #expect(refusals.count == 1 && refusals[0].contains("… comes twice"))
        #expect(server.log.lines.allSatisfy { !$0.contains("4915112345679") })
    }

    @Test("a body that is not UTF-8 is refused")
    func notUTF8() async throws {
        let server = try await TestServer()
        let bytes = Array(#"{"to":"+4915112345678","app":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let answer = await server.call(.POST, "/api/v1/send-otp", key: server.test, bytes: bytes)
        #expect(answer.status == 400 && answer.code == "INVALID_JSON")
    }

    @Test("unknown fields that resemble no known one are ignored")
    func extraFields() async throws {
        let server = try await TestServer()
        #expect(await server.send(#"{"to":"+4915112345678","app":"Shop","metadata":{"a":1}}"#).status == 200)
    }

    @Test("keys are refused as documented")
    func keys() async throws {
        let server = try await TestServer()
        #expect(await server.call(.POST, "/api/v1/send-otp", body: Self.good).code == "MISSING_API_KEY")
        let invalid = await server.send(Self.good, key: "sk_live_nonsense")
        #expect(invalid.status == 401 && invalid.code == "INVALID_API_KEY")
        #expect(invalid.headers["WWW-Authenticate"] == "Bearer")
        let other = await server.send(Self.good, key: server.operatorKey)
        #expect(other.status == 403 && other.code == "PERMISSION_DENIED")
        for header in [
            ("Origin", "https://example.com"), ("sec-fetch-site", "same-origin"), ("SEC-FETCH-DEST", "empty"),
        ] {
            let browser = await server.send(Self.good, key: server.live, headers: [header])
            #expect(browser.status == 403 && browser.code == "KEY_IN_BROWSER")
        }
    }

    @Test("a back end may call with Node's fetch, which sends one of the browsers' headers by itself")
    func nodeFetch() async throws {
        let server = try await TestServer()
        let answer = await server.send(
            Self.good,
            headers: [
                ("accept", "*/*"), ("accept-language", "*"), ("sec-fetch-mode", "cors"), ("user-agent", "node"),
                ("accept-encoding", "gzip, deflate"),
            ])
        #expect(answer.status == 200)
    }

    @Test("an Authorization header that comes twice is no key")
    func doubleAuthorization() async throws {
        let server = try await TestServer()
        let answer = await server.send(Self.good, headers: [("Authorization", "Bearer \(server.live)")])
        #expect(answer.status == 401)
    }

    @Test("the scheme may be written in any case")
    func schemeCase() async throws {
        let server = try await TestServer()
        let answer = await server.call(
            .POST, "/api/v1/send-otp", headers: [("Authorization", "bEARER \(server.test)")], body: Self.good)
        #expect(answer.status == 200)
    }

    @Test("every 429 says how long to wait")
    func retryAfter() async throws {
        let server = try await TestServer()
        _ = await server.send(Self.good)
        let answer = await server.send(Self.good)
        #expect(answer.status == 429 && answer.code == "SPAM_COOLDOWN" && answer.headers["Retry-After"] == "60")
        for _ in 0..<5 { _ = await server.verify(#"{"to":"+4915112345678","code":"1"}"#) }
        let locked = await server.verify(#"{"to":"+4915112345678","code":"1"}"#)
        #expect(locked.status == 429 && locked.code == "TOO_MANY_ATTEMPTS" && locked.headers["Retry-After"] == "600")
    }

    @Test("while the enclave is down the answer is 503 with Retry-After")
    func unavailable() async throws {
        let server = try await TestServer()
        server.installation.enclave.goDown()
        let answer = await server.send(Self.good)
        #expect(answer.status == 503 && answer.code == "UNAVAILABLE" && answer.headers["Retry-After"] == "1")
    }

    @Test("a refused delivery is 502 and its reason stays inside")
    func deliveryFailed() async throws {
        let server = try await TestServer()
        server.installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        let answer = await server.send(Self.good, key: server.live)
        #expect(answer.status == 502 && answer.code == "DELIVERY_FAILED")
        #expect(!answer.text.contains("550") && !answer.text.contains("smtp"))
        let passcode = try #require(answer.text("details"))
        let record = await server.call(.GET, "/api/v1/passcodes/\(passcode)", key: server.live)
        #expect(record.text("status") == "failed")
    }

    @Test("a delivery of which nobody knows whether it arrived fails alike again under the same Idempotency-Key")
    func unclearDelivery() async throws {
        let server = try await TestServer()
        server.installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .timedOut, providerStatus: 0, mayHaveArrived: true)))
        let once = [("Idempotency-Key", "k1")]
        let first = await server.send(Self.good, key: server.live, headers: once)
        let again = await server.send(Self.good, key: server.live, headers: once)
        #expect(first.status == 502 && again.status == 502 && first.json == again.json)
        #expect(first.text("details")?.hasPrefix("oe_") == true)
        #expect(first.headers["Idempotency-Replayed"] == nil && again.headers["Idempotency-Replayed"] == "true")
        #expect(server.installation.mail.messages.count == 1)
    }

    @Test("an Idempotency-Key replays the answer, marked, and must be visible ASCII")
    func idempotency() async throws {
        let server = try await TestServer()
        let first = await server.send(Self.good, headers: [("Idempotency-Key", "k1")])
        let again = await server.send(Self.good, headers: [("Idempotency-Key", "k1")])
        #expect(first.json == again.json && first.status == 200)
        #expect(first.headers["Idempotency-Replayed"] == nil && again.headers["Idempotency-Replayed"] == "true")
        let other = await server.send(#"{"to":"a@example.com","app":"Shop"}"#, headers: [("Idempotency-Key", "k1")])
        #expect(other.status == 422 && other.code == "IDEMPOTENCY_KEY_REUSED")
        for key in ["", "a b", String(repeating: "x", count: 256)] {
            #expect(await server.send(Self.good, headers: [("Idempotency-Key", key)]).code == "INVALID_IDEMPOTENCY_KEY")
        }
    }

    @Test("a test key's Idempotency-Key is none of a live key's")
    func idempotencyOfModes() async throws {
        let server = try await TestServer()
        let once = [("Idempotency-Key", "k1")]
        let test = await server.send(Self.good, headers: once)
        let live = await server.send(Self.good, key: server.live, headers: once)
        #expect(test.status == 200 && live.status == 200)
        #expect(test.text("req_id") != live.text("req_id") && server.installation.mail.messages.count == 1)
        #expect(await server.send(Self.good, headers: once).json == test.json)
        #expect(await server.send(Self.good, key: server.live, headers: once).json == live.json)
    }

    @Test("errors of the server itself speak the dialect on its paths and problem details elsewhere")
    func serverErrors() async throws {
        let server = try await TestServer()
        #expect(await server.call(.GET, "/api/v1/send-otp").code == "METHOD_NOT_ALLOWED")
        #expect(await server.call(.POST, "/api/v1/other").code == "NOT_FOUND")
        #expect(await server.call(.GET, "/other").text("title") == "Not Found")
    }
}
