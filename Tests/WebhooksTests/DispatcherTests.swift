import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Webhooks

@Suite("Who delivers", .timeLimit(.minutes(1)))
struct DispatcherTests {
    private func dispatcher(_ bench: WebhookBench) -> WebhookDispatcher {
        WebhookDispatcher(
            queue: bench.installation.webhookQueue, enclave: bench.installation.enclave, clock: bench.time.wall,
            jitter: { 0 })
    }

    @Test("an event wakes whoever delivers, and stopping waits for what is under way")
    func wakes() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let gate = Gate()
        bench.receivers.hang(at: endpoint.url, gate)
        let dispatcher = dispatcher(bench)
        let running = Task { await dispatcher.run() }
        try await bench.append()
        await gate.reached(by: 1)
        let stopping = Task { await dispatcher.stop(within: .seconds(30)) }
        await gate.open()
        #expect(await stopping.value == 0)
        await running.value
        #expect(try await bench.list(endpoint).map(\.state) == [.delivered])
        try await bench.append()
        await dispatcher.deliverDue()
        #expect(bench.receivers.received.count == 1, "who was stopped begins nothing more")
    }

    @Test("a receiver that hangs does not keep the server from ending; its message goes out after the next start")
    func impatient() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let gate = Gate()
        bench.receivers.hang(at: endpoint.url, gate)
        let first = dispatcher(bench)
        let running = Task { await first.run() }
        let event = try await bench.append()
        await gate.reached(by: 1)
        #expect(await first.stop(within: .milliseconds(1)) == 1)
        await running.value

        let second = dispatcher(bench)
        let runningAgain = Task { await second.run() }
        await gate.reached(by: 2)
        #expect(bench.receivers.received.map(\.message) == [event.id, event.id])
        await gate.open()
        #expect(await second.stop(within: .seconds(30)) == 0)
        await runningAgain.value
    }

    @Test("a process that is killed between sending and writing that down sends again, under the same id")
    func killed() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let event = try await bench.append()
        let now = bench.time.now.unixMilliseconds
        let turns = try await bench.installation.database.write {
            try TurnClaims.claim(now: now, share: DeliveryShare(), in: $0)
        }
        let turn = try #require(turns.first)
        _ = try await bench.installation.enclave.call(turn.request(turn.messages[0], now: now))

        await bench.deliverDue()
        #expect(bench.receivers.received.count == 1, "somebody else may be delivering")
        bench.time.advance(seconds: Int(WebhookTurn.lease / 1000))
        await bench.deliverDue()
        #expect(bench.receivers.received.map(\.message) == [event.id, event.id])
        #expect(try await bench.list(endpoint).map(\.state) == [.delivered])
    }

    @Test("receivers that hang hold up no other of their workspace, as long as none of them took anything before")
    func slowEndpoints() async throws {
        let bench = try await WebhookBench()
        let gate = Gate()
        for number in 1..<WebhookEndpoint.limit {
            let endpoint = try await bench.create("https://slow-\(number).example/").endpoint
            bench.receivers.hang(at: endpoint.url, gate)
        }
        try await bench.append(count: 20)
        try await expectQuick(bench, in: bench.workspace, while: gate, holds: WebhookEndpoint.limit - 1)
    }

    @Test("receivers that begin to hang, however many, leave room for another workspace's")
    func slowWorkspace() async throws {
        let bench = try await WebhookBench()
        let gate = Gate()
        for number in 0..<WebhookEndpoint.limit {
            try await bench.create("https://slow-\(number).example/")
        }
        try await bench.append()
        await bench.deliverDue()
        for number in 0..<WebhookEndpoint.limit { bench.receivers.hang(at: "https://slow-\(number).example/", gate) }
        try await bench.append(count: 20)
        try await expectQuick(
            bench, in: try await bench.installation.workspace(), while: gate, holds: DeliveryShare.limit / 2)
    }

    /// Expects that a receiver gets one message after the other while others are held.
    private func expectQuick(
        _ bench: WebhookBench, in workspace: Workspace, while gate: Gate, holds count: Int
    ) async throws {
        let dispatcher = dispatcher(bench)
        let running = Task { await dispatcher.run() }
        await gate.reached(by: count)
        let quick = Gate()
        await quick.open()
        try await bench.create("https://quick.example/", types: [.permissionDenied], in: workspace)
        bench.receivers.hang(at: "https://quick.example/", quick)
        for count in 1...5 {
            try await bench.append(.permissionDenied, in: workspace)
            await quick.reached(by: count)
        }
        await gate.open()
        _ = await dispatcher.stop(within: .seconds(30))
        await running.value
    }

    @Test("an endpoint with much to get takes turns with one that has little")
    func turns() async throws {
        let bench = try await WebhookBench()
        let busy = try await bench.create("https://busy.example/", types: [.permissionUsed]).endpoint
        let calm = try await bench.create("https://calm.example/", types: [.permissionDenied]).endpoint
        for _ in 0..<20 { try await bench.append(.permissionUsed) }
        bench.time.advance(seconds: 1)
        try await bench.append(.permissionDenied)
        var order: [String] = []
        for _ in 0..<3 {
            bench.time.advance(seconds: 1)
            let now = bench.time.now.unixMilliseconds
            let turn = try await bench.installation.database.write { transaction in
                var share = DeliveryShare()
                // One place is free.
                for number in 1..<DeliveryShare.limit { share.hold(1, for: "ws_\(number)") }
                let turns = try TurnClaims.claim(now: now, share: share, in: transaction)
                for turn in turns {
                    _ = try TurnRecord(
                        turn: turn,
                        results: turn.messages.map {
                            TurnRecord.Result(message: $0, result: .answered(status: 204), milliseconds: 1)
                        }, audit: bench.installation.audit, schedule: .usual, now: now, jitter: 0
                    ).write(in: transaction)
                }
                return turns.map(\.endpoint)
            }
            order += turn
        }
        #expect(order == [busy.id, calm.id, busy.id])
    }

    @Test("a workspace has never more under way than there is room for besides")
    func shares() {
        var share = DeliveryShare()
        let first = share.take(100, for: "ws_1")
        let second = share.take(100, for: "ws_2")
        #expect(first == DeliveryShare.limit / 2 && second == DeliveryShare.limit / 4)
        #expect(share.hasRoom && !share.isEmpty)
        share.release(first, of: "ws_1")
        share.release(second, of: "ws_2")
        #expect(share.isEmpty)
    }
}

extension WebhookReceivers {
    /// Lets a receiver wait at a gate before it takes a message.
    fileprivate func hang(at url: String, _ gate: Gate) {
        answer(at: url) { _ in
            await gate.pass()
            return .answered(status: 204)
        }
    }
}
