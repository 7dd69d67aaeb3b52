import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Webhooks

@Suite("Endpoints that take nothing")
struct FailingEndpointTests {
    private static let day = 86_400

    @Test("one that has failed for five days is disabled with an entry in the trail; what waits is a dead letter")
    func failing() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url, status: 500)
        try await bench.append(count: 3)
        await bench.exhaust()
        #expect(try await bench.endpoint(endpoint).failures == 24)
        bench.time.advance(seconds: 4 * Self.day)
        try await bench.append(count: 3)
        await bench.deliverDue()
        #expect(try await bench.endpoint(endpoint).state == .disabled(.failing))
        #expect(try await bench.endpoint(endpoint).waiting == 0)
        #expect(try await bench.list(endpoint, state: .dead).count == 6)
        #expect(try await bench.audit().last == "webhook.disabled done failing")
        try await bench.append()
        await bench.exhaust()
        #expect(try await bench.list(endpoint).count == 6)
    }

    @Test("one that took something since, or failed a few times only, is not")
    func recovering() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url, status: 500)
        try await bench.append()
        await bench.exhaust()
        bench.time.advance(seconds: 6 * Self.day)
        try await bench.append(count: 2)
        await bench.exhaust()
        bench.receivers.answer(at: endpoint.url, status: 200)
        try await bench.append()
        #expect(try await bench.endpoint(endpoint).state == .disabled(.failing))
        _ = try await bench.endpoints.enable(endpoint.id, workspace: endpoint.workspace, origin: .system)
        try await bench.append()
        await bench.deliverDue()
        #expect(try await bench.endpoint(endpoint).failures == 0)
        bench.receivers.answer(at: endpoint.url, status: 500)
        bench.time.advance(seconds: 10 * Self.day)
        try await bench.append(count: 19)
        await bench.deliverDue()
        #expect(try await bench.endpoint(endpoint).state == .enabled)
        #expect(try await bench.endpoint(endpoint).failures == 19)
    }

    @Test("one that answers 410 Gone is disabled at once")
    func gone() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url, status: 410)
        try await bench.append(count: 5)
        await bench.deliverDue()
        #expect(try await bench.endpoint(endpoint).state == .disabled(.gone))
        #expect(bench.receivers.received.count == 1)
        #expect(try await bench.list(endpoint).allSatisfy { $0.state == .dead })
    }

    @Test("one that an operator disables gets nothing more, and what was under way counts as it ended")
    func disabledMeanwhile() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let gate = Gate()
        bench.receivers.answer(at: endpoint.url) { _ in
            await gate.pass()
            return .answered(status: 200)
        }
        try await bench.append(count: 3)
        let delivering = Task { await bench.deliverDue() }
        await gate.reached(by: 1)
        _ = try await bench.endpoints.disable(endpoint.id, workspace: endpoint.workspace, origin: .system)
        #expect(try await bench.list(endpoint, state: .dead).count == 3)
        await gate.open()
        await delivering.value
        #expect(try await bench.list(endpoint, state: .delivered).count == 1)
        #expect(try await bench.list(endpoint, state: .dead).map(\.attempts) == [0, 0])
        #expect(try await bench.endpoint(endpoint).waiting == 0)
        #expect(bench.receivers.received.count == 1)
    }

    @Test("one that is deleted while its message is under way is gone all the same")
    func deletedMeanwhile() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let gate = Gate()
        bench.receivers.answer(at: endpoint.url) { _ in
            await gate.pass()
            return .answered(status: 500)
        }
        try await bench.append()
        let delivering = Task { await bench.deliverDue() }
        await gate.reached(by: 1)
        try await bench.endpoints.delete(endpoint.id, workspace: endpoint.workspace, origin: .system)
        let retention = WebhookRetention(database: bench.installation.database, clock: bench.time.wall)
        try await retention.prune()
        await gate.open()
        await delivering.value
        try await retention.prune()
        #expect(try await bench.rows() == [0, 0, 0, 0])
    }

    @Test("beyond ten thousand waiting messages further ones are dropped and counted, and that is audited once")
    func full() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let other = try await bench.create("https://other.example/").endpoint
        func fill() async throws {
            try await bench.installation.database.write { transaction in
                _ = try transaction.execute(
                    "UPDATE webhook_endpoint SET waiting = $2 WHERE id = $1",
                    [.text(endpoint.id), .integer(Int64(WebhookEndpoint.waitingLimit - 1))])
            }
        }
        try await fill()
        try await bench.append(count: 4)
        let stored = try await bench.endpoint(endpoint)
        #expect(stored.waiting == WebhookEndpoint.waitingLimit && stored.dropped == 3)
        #expect(try await bench.list(endpoint).count == 1)
        #expect(try await bench.list(other).count == 4)
        #expect(try await bench.audit().filter { $0.hasPrefix("webhook.queue_full") }.count == 1)
        await #expect(throws: WebhookError.queueFull()) {
            _ = try await bench.deliveries.sendTest(to: endpoint.id, workspace: endpoint.workspace)
        }
        try await bench.installation.database.write { transaction in
            _ = try transaction.execute(
                "UPDATE webhook_endpoint SET waiting = 1 WHERE id = $1", [.text(endpoint.id)])
        }
        await bench.deliverDue()
        try await fill()
        try await bench.append(count: 3)
        #expect(try await bench.audit().filter { $0.hasPrefix("webhook.queue_full") }.count == 2)
    }

    @Test("what arrived is forgotten after three days, dead letters after thirty, with their attempts")
    func retention() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let retention = WebhookRetention(database: bench.installation.database, clock: bench.time.wall)
        try await bench.append()
        await bench.deliverDue()
        bench.receivers.answer(at: endpoint.url, status: 500)
        try await bench.append()
        await bench.exhaust()
        bench.time.advance(seconds: Self.day)
        try await retention.prune()
        #expect(try await bench.list(endpoint).count == 2)
        bench.time.advance(seconds: 2 * Self.day)
        try await retention.prune()
        #expect(try await bench.list(endpoint).map(\.state) == [.dead])
        bench.time.advance(seconds: 28 * Self.day)
        try await retention.prune()
        #expect(try await bench.rows() == [1, 1, 0, 0])
    }
}

extension WebhookBench {
    /// How many endpoints, secrets, deliveries and attempts are stored.
    fileprivate func rows() async throws -> [Int64] {
        try await installation.database.read { transaction in
            let row = try transaction.row(
                """
                SELECT (SELECT COUNT(*) FROM webhook_endpoint), (SELECT COUNT(*) FROM webhook_secret),
                    (SELECT COUNT(*) FROM webhook_delivery), (SELECT COUNT(*) FROM webhook_attempt)
                """, [])
            return try (0..<4).map { try row?.integer($0) ?? -1 }
        }
    }
}
