import EnclaveLink
import Fixtures
import Testing
import Workspaces

@testable import Webhooks

@Suite("Dead letters")
struct DeadLetterTests {
    /// A bench with dead letters for one endpoint.
    private func bench(_ count: Int = 1) async throws -> (WebhookBench, WebhookEndpoint) {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url, status: 500)
        try await bench.append(count: count)
        await bench.exhaust()
        #expect(try await bench.list(endpoint, state: .dead).count == count)
        return (bench, endpoint)
    }

    @Test("one is sent again, under its old id and with all attempts anew")
    func replayOne() async throws {
        let (bench, endpoint) = try await bench(2)
        let dead = try #require(try await bench.list(endpoint, state: .dead).first)
        let before = bench.receivers.received.count
        try await bench.deliveries.replay(
            dead.id, endpoint: endpoint.id, workspace: endpoint.workspace, origin: WebhookBench.origin)
        await bench.exhaust()
        #expect(bench.receivers.received.count == before + 8)
        #expect(bench.receivers.received.suffix(8).allSatisfy { $0.message == dead.id })
        #expect(try await bench.list(endpoint, state: .dead).count == 2)

        bench.receivers.answer(at: endpoint.url, status: 200)
        try await bench.deliveries.replay(
            dead.id, endpoint: endpoint.id, workspace: endpoint.workspace, origin: WebhookBench.origin)
        await bench.deliverDue()
        let message = try #require(bench.receivers.received.last)
        #expect(message.message == dead.id && message.body.hasPrefix(#"{"type":"permission.requested""#))
        let attempts = try await bench.deliveries.attempts(
            of: dead.id, endpoint: endpoint.id, workspace: endpoint.workspace)
        #expect(attempts.map(\.number) == Array(1...17))
        #expect(try await bench.audit().suffix(2) == Array(repeating: "webhook.replayed done \(dead.id)", count: 2))
    }

    @Test("all are sent again at once, and only that endpoint's")
    func replayAll() async throws {
        let (bench, endpoint) = try await bench(5)
        let other = try await bench.create("https://other.example/").endpoint
        bench.receivers.answer(at: other.url, status: 500)
        try await bench.append()
        await bench.exhaust()
        bench.receivers.answer(at: endpoint.url, status: 200)
        let count = try await bench.deliveries.replayAll(
            endpoint: endpoint.id, workspace: endpoint.workspace, origin: WebhookBench.origin)
        #expect(count == 6)
        #expect(try await bench.endpoint(endpoint).waiting == 6)
        await bench.deliverDue()
        #expect(try await bench.list(endpoint).allSatisfy { $0.state == .delivered })
        #expect(try await bench.list(other).map(\.state) == [.dead])
        #expect(try await bench.audit().last == "webhook.replayed done 6")
    }

    @Test("what was delivered, waits, or is another workspace's is not sent again")
    func refusals() async throws {
        let (bench, endpoint) = try await bench()
        let dead = try #require(try await bench.list(endpoint).first)
        bench.receivers.answer(at: endpoint.url, status: 200)
        let delivered = try await bench.append()
        await bench.deliverDue()
        let waiting = try await bench.append()
        let other = try await bench.installation.workspace()
        let foreign = try await bench.create(in: other).endpoint
        func refusal(_ id: String, _ endpoint: String, _ workspace: Workspace) async -> WebhookError.Code? {
            do throws(WebhookError) {
                try await bench.deliveries.replay(
                    id, endpoint: endpoint, workspace: workspace.id, origin: WebhookBench.origin)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await refusal(delivered.id, endpoint.id, bench.workspace) == .notDead)
        #expect(await refusal(waiting.id, endpoint.id, bench.workspace) == .notDead)
        #expect(await refusal("msg_none", endpoint.id, bench.workspace) == .notFound)
        #expect(await refusal(dead.id, endpoint.id, other) == .notFound)
        #expect(await refusal(dead.id, foreign.id, other) == .notFound)
        _ = try await bench.endpoints.disable(endpoint.id, workspace: endpoint.workspace, origin: .system)
        #expect(await refusal(dead.id, endpoint.id, bench.workspace) == .endpointDisabled)
    }

    @Test("of twenty replays of one at the same time one counts")
    func race() async throws {
        let (bench, endpoint) = try await bench()
        let dead = try #require(try await bench.list(endpoint).first)
        let deliveries = bench.deliveries
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    (try? await deliveries.replay(
                        dead.id, endpoint: endpoint.id, workspace: endpoint.workspace, origin: .system)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(successes == 1)
        #expect(try await bench.endpoint(endpoint).waiting == 1)
    }

    @Test("the list is bounded: the oldest make room")
    func bounded() async throws {
        let (bench, endpoint) = try await bench(5)
        let newest = try await bench.list(endpoint, state: .dead).prefix(3)
        try await bench.installation.database.write { transaction in
            try DeadLetters.trim(
                workspace: endpoint.workspace, endpoint: endpoint.id, limit: 3, in: transaction)
        }
        #expect(try await bench.list(endpoint, state: .dead).map(\.id) == newest.map(\.id))
    }
}
