import CountersignClient
import Foundation
import Testing

@Suite("Sending again")
struct RetryTests {
    private static let sent = #"{"success":true,"req_id":"oe_1","status":"dispatched"}"#

    @Test("a send keeps its Idempotency-Key over all its tries, and the next send has another")
    func idempotencyKey() async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(
                ScriptedTransport.failing(.timedOut, mayHaveArrived: true),
                ScriptedTransport.answering(503), ScriptedTransport.answering(200, Self.sent)))
        _ = try await scripted.client.passcodes.send(to: "ada@example.com", application: "Example")
        _ = try await scripted.client.passcodes.send(to: "ada@example.com", application: "Example")
        let keys = scripted.network.sent.map { $0.headers["Idempotency-Key"] }
        #expect(keys == ["identifier-1", "identifier-1", "identifier-1", "identifier-2"])
        #expect(Set(scripted.network.sent.prefix(3).map(\.text)).count == 1)
    }

    @Test("a caller's own Idempotency-Key is sent")
    func ownIdempotencyKey() async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(200, Self.sent)))
        _ = try await scripted.client.passcodes.send(
            to: "ada@example.com", application: "Example", idempotencyKey: "order-7")
        #expect(scripted.network.sent.first?.headers["Idempotency-Key"] == "order-7")
    }

    @Test("pauses double up to the longest, and the number of tries is limited")
    func pauses() async throws {
        let policy = RetryPolicy(attempts: 5, firstPause: .seconds(1), longestPause: .seconds(3))
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(503)), retries: policy)
        await #expect(throws: CountersignError.code(.refused("http_503"))) { try await scripted.send() }
        #expect(scripted.network.sent.count == 5)
        #expect(scripted.surroundings.pauses == [.seconds(1), .seconds(2), .seconds(3), .seconds(3)])
    }

    @Test("chance shortens a pause by up to a half, so that clients do not come back together")
    func chance() async throws {
        let policy = RetryPolicy(attempts: 2, firstPause: .seconds(1))
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.answering(503)), retries: policy, chance: 1)
        await #expect(throws: CountersignError.self) { try await scripted.send() }
        #expect(scripted.surroundings.pauses == [.milliseconds(500)])
    }

    @Test(
        "a wait that the server asks for is kept",
        arguments: [
            (["Retry-After": "4"], Duration.seconds(4)),
            (["Retry-After": "0"], .milliseconds(250)),
            (["Retry-After": "Sat, 21 Nov 2026 08:00:07 GMT", "Date": "Sat, 21 Nov 2026 08:00:00 GMT"], .seconds(7)),
            (["Retry-After": "soon"], .milliseconds(250)),
        ])
    func retryAfter(_ headers: [String: String], _ pause: Duration) async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(
                ScriptedTransport.answering(429, headers: headers), ScriptedTransport.answering(200, Self.sent)))
        try await scripted.send()
        #expect(scripted.surroundings.pauses == [pause])
    }

    @Test("a wait that is too long is left to the caller, who learns how long it is")
    func longRetryAfter() async throws {
        let body = #"{"error":"Wait.","code":"SPAM_COOLDOWN"}"#
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.answering(429, body, headers: ["Retry-After": "60"])))
        let error = await #expect(throws: CountersignError.self) { try await scripted.send() }
        #expect(error?.serverCode == .spamCooldown)
        #expect(error?.retryAfter == .seconds(60))
        #expect(scripted.network.sent.count == 1)
    }

    @Test(
        "what another try cannot change is tried once",
        arguments: [
            (400, #"{"code":"INVALID_PHONE_NUMBER","error":"No."}"#),
            (401, #"{"code":"INVALID_API_KEY","error":"No."}"#),
            (422, #"{"code":"IDEMPOTENCY_KEY_REUSED","error":"No."}"#),
            (502, #"{"code":"DELIVERY_FAILED","error":"No."}"#),
            (500, #"{"code":"INTERNAL_ERROR","error":"No."}"#), (404, ""),
        ])
    func lastingRefusal(_ status: Int, _ body: String) async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(status, body)))
        await #expect(throws: CountersignError.self) { try await scripted.send() }
        #expect(scripted.network.sent.count == 1)
    }

    @Test(
        "what passes is tried again",
        arguments: [
            (409, #"{"code":"IDEMPOTENCY_IN_PROGRESS","error":"Wait."}"#), (502, "<html>Bad Gateway</html>"), (504, ""),
            (503, #"{"code":"UNAVAILABLE","error":"Wait."}"#), (408, ""),
        ])
    func passingRefusal(_ status: Int, _ body: String) async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.answering(status, body), ScriptedTransport.answering(200, Self.sent)))
        try await scripted.send()
        #expect(scripted.network.sent.count == 2)
    }

    @Test("a certificate that is not trusted is not tried again")
    func untrusted() async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.failing(.untrusted, mayHaveArrived: false)))
        await #expect(throws: CountersignError.code(.unreachable)) { try await scripted.send() }
        #expect(scripted.network.sent.count == 1)
    }

    @Test("a task that was cancelled before sends nothing")
    func cancelledBefore() async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(200, Self.sent)))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await scripted.send()
        }
        await #expect(throws: CountersignError.code(.cancelled)) { try await task.value }
        #expect(scripted.network.sent.isEmpty)
    }

    @Test("a cancelled task sends nothing more")
    func cancelled() async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.failing(.cancelled, mayHaveArrived: true)))
        await #expect(throws: CountersignError.code(.cancelled)) { try await scripted.send() }
        #expect(scripted.network.sent.count == 1)
    }
}

extension ScriptedClient {
    func send() async throws {
        _ = try await client.passcodes.send(to: "ada@example.com", application: "Example")
    }
}
