import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Webhooks

@Suite("Retries")
struct RetryTests {
    @Test(
        "whatever is no success is tried again after five seconds, under the same id",
        arguments: [
            WebhookOutcome.answered(status: 500), .answered(status: 404), .answered(status: 301),
            .answered(status: 429), .failed(.timedOut), .failed(.unreachable), .failed(.certificateRefused),
            .failed(.addressRefused), .failed(.hostNotAllowed), .failed(.protocolBroken),
        ])
    func again(_ outcome: WebhookOutcome) async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url) { _ in outcome }
        let event = try await bench.append()
        await bench.deliverDue()
        bench.receivers.answer(at: endpoint.url, status: 200)
        bench.time.advance(seconds: 4)
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 1)
        bench.time.advance(seconds: 1)
        await bench.deliverDue()
        let received = bench.receivers.received
        #expect(received.map(\.message) == [event.id, event.id])
        #expect(received[0].body == received[1].body && received[1].timestamp == received[0].timestamp + 5)
        let attempts = try await bench.deliveries.attempts(
            of: event.id, endpoint: endpoint.id, workspace: endpoint.workspace)
        #expect(attempts.map(\.result) == [WebhookAttemptResult(outcome), .answered(status: 200)])
        #expect(attempts.map(\.number) == [1, 2])
        #expect(try await bench.list(endpoint).map(\.state) == [.delivered])
    }

    @Test("a delivery is tried eight times in somewhat more than a day, each recorded, and then is a dead letter")
    func exhausted() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url, status: 503)
        let event = try await bench.append()
        await bench.deliverDue()
        for (number, pause) in [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].enumerated() {
            bench.time.advance(seconds: pause - 1)
            await bench.deliverDue()
            #expect(bench.receivers.received.count == number + 1)
            bench.time.advance(seconds: 1)
            await bench.deliverDue()
            #expect(bench.receivers.received.count == number + 2)
        }
        bench.time.advance(seconds: 100_000)
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 8)
        let dead = try await bench.list(endpoint, state: .dead)
        #expect(dead.map(\.id) == [event.id] && dead.first?.attempts == 8 && dead.first?.dueAt == nil)
        let attempts = try await bench.deliveries.attempts(
            of: event.id, endpoint: endpoint.id, workspace: endpoint.workspace)
        #expect(attempts.map(\.number) == Array(1...8))
        #expect(attempts.allSatisfy { $0.result == .answered(status: 503) })
        #expect(try await bench.endpoint(endpoint).waiting == 0)
    }

    @Test("up to a fifth of the pause comes on top by chance")
    func jitter() {
        let schedule = RetrySchedule(pauses: [10, 100])
        #expect(schedule.pause(after: 1, jitter: 0) == 10_000)
        #expect(schedule.pause(after: 2, jitter: 0.5) == 110_000)
        #expect(schedule.pause(after: 3, jitter: 0) == nil)
        #expect(RetrySchedule(pauses: []).pause(after: 1, jitter: 0) == nil)
    }

    @Test("while the enclave is down nothing is tried, and no attempt is lost")
    func enclaveDown() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        try await bench.append()
        bench.installation.enclave.goDown()
        await bench.deliverDue()
        #expect(try await bench.list(endpoint).map(\.attempts) == [0])
        try await bench.installation.restartEnclave()
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 1)
    }

    @Test("an enclave that goes away in the middle costs an attempt: the receiver may have had the message")
    func enclaveGone() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        let enclave = LeavingEnclave(real: bench.installation.enclave)
        let dispatcher = WebhookDispatcher(
            queue: bench.installation.webhookQueue, enclave: enclave, clock: bench.time.wall, jitter: { 0 })
        let event = try await bench.append()
        await dispatcher.deliverDue()
        bench.time.advance(seconds: 5)
        await dispatcher.deliverDue()
        let attempts = try await bench.deliveries.attempts(
            of: event.id, endpoint: endpoint.id, workspace: endpoint.workspace)
        #expect(attempts.map(\.result) == [.enclaveGone, .answered(status: 204)])
    }

    @Test("a message that nobody had room for is no attempt, and is sent a little later")
    func busy() async throws {
        let bench = try await WebhookBench()
        let endpoint = try await bench.create().endpoint
        bench.receivers.answer(at: endpoint.url) { _ in .failed(.busy) }
        try await bench.append()
        await bench.deliverDue()
        #expect(try await bench.list(endpoint).map(\.attempts) == [0])
        #expect(try await bench.endpoint(endpoint).failures == 0)
        bench.receivers.answer(at: endpoint.url, status: 200)
        bench.time.advance(seconds: 5)
        await bench.deliverDue()
        #expect(try await bench.list(endpoint).map(\.state) == [.delivered])
    }
}

/// Loses the first delivery.
private actor LeavingEnclave: EnclaveCalling {
    private let real: any EnclaveCalling
    private var hasLeft = false

    init(real: any EnclaveCalling) { self.real = real }

    nonisolated var greeting: Greeting? { real.greeting }

    func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        if request is DeliverWebhook, !hasLeft {
            hasLeft = true
            throw EnclaveError(.unavailable)
        }
        return try await real.call(request)
    }
}
