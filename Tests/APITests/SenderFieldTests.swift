import Fixtures
import HTTPServer
import JOSE
import Testing

@Suite("OTP Edge dialect: senders' fields")
struct SenderFieldTests {
    private static let body =
        #"{"to":"+4915112345678","app":"Shop","purpose":"pay","binding":{"b":1,"a":"x"},"metadata":{"order":7}}"#

    @Test("binding and purpose have to be repeated, metadata comes back, and the code verifies by req_id")
    func bound() async throws {
        let server = try await TestServer()
        let sent = await server.send(Self.body)
        #expect(sent.status == 200 && sent.json?["metadata"]?["order"] == .integer(7))
        #expect(sent.number("resend_after") == 60 && sent.headers["Retry-After"] == "60")
        let (identifier, code) = (try #require(sent.text("req_id")), try #require(sent.text("code")))
        let bare = await server.verify(#"{"req_id":"\#(identifier)","code":"\#(code)"}"#)
        #expect(bare.status == 400 && bare.code == "INVALID_CODE" && bare.number("attempts_remaining") == 4)
        let status = await server.call(.GET, "/api/v1/passcodes/\(identifier)", key: server.test)
        #expect(status.json?["metadata"]?["order"] == .integer(7))
        let bound = await server.verify(
            #"{"req_id":"\#(identifier)","code":"\#(code)","purpose":"pay","binding":{"a":"x","b":1.0}}"#)
        #expect(bound.status == 200)
    }

    @Test(
        "fields of the wrong kind are refused before anything is counted",
        arguments: [
            (#""binding":"x""#, "INVALID_FIELD"), (#""binding":[1]"#, "INVALID_FIELD"),
            (#""binding":{"a":1,"a":2}"#, "INVALID_FIELD"), (#""binding":{"a":12345678901234567890}"#, "INVALID_FIELD"),
            (#""metadata":7"#, "INVALID_FIELD"), (#""limits":{"user":7}"#, "INVALID_FIELD"),
            (#""limits":{"user":"u1"}"#, "INVALID_FIELD"), (#""purpose":"a b""#, "INVALID_FIELD"),
            (#""purpose":7"#, "INVALID_FIELD"), (#""limits":{"user":""}"#, "INVALID_FIELD"),
            (#""binding":{"a":"\#(String(repeating: "x", count: 1024))"}"#, "INVALID_FIELD"),
            (#""bindng":{}"#, "UNKNOWN_FIELD"),
            (#""metadata":{"a":"\#(String(repeating: "x", count: 1024))"}"#, "INVALID_FIELD"),
        ])
    func malformed(_ field: String, _ code: String) async throws {
        let server = try await TestServer()
        let before = try await server.installation.auditTrail(server.workspace)
        let answer = await server.send(#"{"to":"+4915112345678","app":"Shop",\#(field)}"#)
        #expect(answer.status == 400 && answer.code == code)
        let name = try #require(field.split(separator: "\"").first)
        #expect(answer.text("details")?.hasPrefix(name) == true)
        #expect(try await server.installation.auditTrail(server.workspace) == before)
    }

    @Test("a verify names the passcode or the contact, and an unknown passcode is not found")
    func target() async throws {
        let server = try await TestServer()
        let both = await server.verify(#"{"req_id":"oe_1","to":"+4915112345678","code":"123456"}"#)
        #expect(both.status == 400 && both.code == "INVALID_FIELD")
        let unknown = await server.verify(#"{"req_id":"oe_1","code":"123456"}"#)
        #expect(unknown.status == 404 && unknown.code == "NOT_FOUND")
        let long = await server.verify(#"{"req_id":"\#(String(repeating: "x", count: 129))","code":"123456"}"#)
        #expect(long.status == 404)
        #expect(await server.verify(#"{"code":"123456"}"#).code == "MISSING_FIELD")
    }

    @Test("a workspace's own limit says when to come back")
    func limits() async throws {
        let server = try await TestServer {
            $0.ownLimits = ["user=1/3600"]
            $0.cooldownSeconds = 0
        }
        let body = #"{"to":"+4915112345678","app":"Shop","limits":{"user":"u1"}}"#
        #expect(await server.send(body, key: server.live).status == 200)
        let refused = await server.send(body, key: server.live)
        #expect(refused.status == 429 && refused.code == "RATE_LIMITED" && refused.headers["Retry-After"] == "3600")
    }

    @Test("an operator names test recipients, and a live key's send to one sends nothing")
    func testRecipient() async throws {
        let server = try await TestServer()
        let path = "/v1/test-recipients/%2B4915112345678"
        let saved = await server.call(
            .PUT, path, key: server.operatorKey, body: #"{"code":"246810","expires_at":"2026-12-31"}"#)
        #expect(saved.status == 200 && saved.text("contact") == "+4915112345678")
        let sent = await server.send(#"{"to":"+4915112345678","app":"Shop"}"#, key: server.live)
        #expect(sent.status == 200 && sent.json?["code"] == nil && server.installation.mail.codes.isEmpty)
        let verified = await server.verify(#"{"to":"+4915112345678","code":"246810"}"#, key: server.live)
        #expect(verified.status == 200)
        #expect(await server.call(.PUT, path, key: server.live, body: "{}").status == 403)
        let listed = await server.call(.GET, "/v1/test-recipients", key: server.operatorKey)
        #expect(listed.json?["test_recipients"]?.elements?.count == 1)
        #expect(await server.call(.DELETE, path, key: server.operatorKey).status == 204)
        #expect(await server.call(.DELETE, path, key: server.operatorKey).status == 404)
    }
}
