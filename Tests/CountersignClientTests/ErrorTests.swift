import CountersignClient
import Foundation
import Testing

@Suite("Refusals")
struct ErrorTests {
    private static let requestIdentifier = "0123456789abcdef0123456789abcdef"

    @Test(
        "each form of the server's refusals says code, message, attempts, wait and request",
        arguments: [
            #"{"error":"The code is wrong.","code":"INVALID_CODE","attempts_remaining":4}"#,
            #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"The code is wrong.","code":"invalid_code","attempts_remaining":4,"retry_after":9}"#,
            #"{"code":3,"message":"The code is wrong.","turnkeyErrorCode":"INVALID_OTP_CODE","details":[{"attemptsRemaining":4}]}"#,
        ])
    func forms(_ body: String) async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(
                ScriptedTransport.answering(
                    400, body, headers: ["X-Request-Id": Self.requestIdentifier, "Retry-After": "9"])))
        let error = await #expect(throws: CountersignError.self) { try await scripted.verify() }
        #expect(error?.serverCode == .invalidCode)
        #expect(error?.status == 400)
        #expect(error?.attemptsRemaining == 4)
        #expect(error?.retryAfter == .seconds(9))
        #expect(error?.requestIdentifier == Self.requestIdentifier)
        #expect(
            error?.description
                == "invalid_code: The code is wrong. Attempts left: 4. Try again after 9 s. Request \(Self.requestIdentifier)."
        )
        #expect(error?.localizedDescription == "The code is wrong.")
    }

    @Test(
        "an answer that is no refusal of this server has its status for a code", arguments: ["", "<html>", "[]", "{}"])
    func strange(_ body: String) async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(418, body)))
        await #expect(throws: CountersignError.code(.refused("http_418"))) { try await scripted.verify() }
    }

    @Test("what a server says cannot break a log's lines, nor fill it")
    func hostileWords() async throws {
        let long = String(repeating: "x", count: 10_000)
        let body = #"{"code":"a\nb\u001b[2J","detail":"one\r\ntwo\u0000\#(long)"}"#
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.answering(400, body, headers: ["X-Request-Id": "one\ntwo"])))
        let error = await #expect(throws: CountersignError.self) { try await scripted.verify() }
        let text = try #require(error?.description)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        #expect(text.utf8.count < 1000)
        #expect(error?.requestIdentifier == nil)
    }

    @Test("an answer that this client does not know is an error, whatever its status")
    func unreadable() async throws {
        for body in ["", "[]", "<html>", #"{"status":"verified"}"#, #"{"identity_token":7}"#] {
            let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(200, body)))
            await #expect(throws: CountersignError.code(.answerUnreadable)) { try await scripted.verify() }
        }
    }

    @Test("a call without the credential that it needs sends nothing")
    func noCredential() async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering()), credential: nil)
        await #expect(throws: CountersignError.code(.notConfigured)) { try await scripted.verify() }
        #expect(scripted.network.sent.isEmpty)
    }

    @Test("a send says its name, and with a test key the code")
    func send() async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(
                ScriptedTransport.answering(
                    200, #"{"success":true,"req_id":"oe_1","status":"dispatched","code":"123456"}"#)))
        let sent = try await scripted.client.passcodes.send(
            to: "+4915123456789", application: "Example \"quoted\" / 世界", channel: .whatsapp)
        #expect(sent.identifier == "oe_1" && sent.testCode?.reveal() == "123456")
        #expect(
            scripted.network.sent.first?.text
                == #"{"app":"Example \"quoted\" / 世界","channel":"whatsapp","to":"+4915123456789"}"#)
    }
}

extension ScriptedClient {
    fileprivate func verify() async throws {
        _ = try await client.passcodes.verify("123456", from: "+4915123456789")
    }
}
