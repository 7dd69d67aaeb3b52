import EnclaveLink
import Storage
import Workspaces

/// Delivers what is due, until it is told to stop.
///
/// An attempt is written down after it was made. Where the process is killed in between, the message is delivered again
/// under the same `webhook-id`: at least once, never silently not at all.
public actor WebhookDispatcher {
    /// How long at most something that is due waits to be noticed.
    private static let pause: Duration = .seconds(1)

    private let queue: WebhookQueue
    private let enclave: any EnclaveCalling
    private let clock: WallClock
    private let schedule: RetrySchedule
    private let jitter: @Sendable () -> Double
    private let report: @Sendable (WebhookError) -> Void

    private var share = DeliveryShare()
    private var isStopping = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - jitter: 0 up to 1, drawn for each attempt that failed.
    ///   - report: told of what the database could not do; it is tried again.
    public init(
        queue: WebhookQueue, enclave: any EnclaveCalling, schedule: RetrySchedule = .usual,
        clock: WallClock = .system, jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        report: @escaping @Sendable (WebhookError) -> Void = { _ in }
    ) {
        self.queue = queue
        self.enclave = enclave
        self.schedule = schedule
        self.clock = clock
        self.jitter = jitter
        self.report = report
    }

    /// Delivers until `stop`.
    public func run() async {
        await takeOver()
        while !isStopping {
            await beginTurns()
            await rest()
        }
    }

    /// Begins nothing more, and waits for what is under way, at most as long as `limit`. What is left is delivered after
    /// the next start.
    ///
    /// - Returns: messages that are still under way.
    public func stop(within limit: Duration) async -> Int {
        isStopping = true
        queue.bell.ring()
        let alarm = Task {
            try await Task.sleep(for: limit)
            resumeWaiting()
        }
        await turnsEnded()
        alarm.cancel()
        return share.total
    }

    /// Delivers all that is due now, and returns when nothing is under way.
    public func deliverDue() async {
        while await beginTurns() { await turnsEnded() }
    }

    /// Where this process has the database to itself, whoever had turns was killed.
    private func takeOver() async {
        guard queue.database.hasOneOwner else { return }
        await attempt { try TurnClaims.releaseAll(in: $0) }
    }

    /// - Returns: true if there was something due.
    @discardableResult
    private func beginTurns() async -> Bool {
        // Without an enclave there is nobody to send, and a message must not lose attempts by that.
        guard !isStopping, share.hasRoom, enclave.greeting?.webhooks != nil else { return false }
        let (now, share) = (clock.now(), share)
        let turns = await attempt { try TurnClaims.claim(now: now, share: share, in: $0) } ?? []
        // Told to stop meanwhile: the claims run out, or end with the next start.
        guard !isStopping else { return false }
        for turn in turns {
            self.share.hold(turn.messages.count, for: turn.workspace)
            Task { await carryOut(turn) }
        }
        return !turns.isEmpty
    }

    private func carryOut(_ turn: WebhookTurn) async {
        let record = TurnRecord(
            turn: turn, results: await deliver(turn), audit: queue.audit, schedule: schedule, now: clock.now(),
            jitter: jitter())
        if await attempt({ try record.write(in: $0) }) == true { queue.listeners.forgetAll() }
        share.release(turn.messages.count, of: turn.workspace)
        if share.isEmpty { resumeWaiting() }
        queue.bell.ring()
    }

    private nonisolated func deliver(_ turn: WebhookTurn) async -> [TurnRecord.Result] {
        await withTaskGroup(of: TurnRecord.Result.self) { group in
            for message in turn.messages { group.addTask { await self.deliver(message, of: turn) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private nonisolated func deliver(
        _ message: WebhookTurn.Message, of turn: WebhookTurn
    ) async -> TurnRecord.Result {
        let began = clock.now()
        let result: WebhookAttemptResult
        do throws(EnclaveError) {
            result = WebhookAttemptResult(try await enclave.call(turn.request(message, now: began)))
        } catch {
            result = WebhookAttemptResult(error)
        }
        queue.counters.count(result)
        return TurnRecord.Result(message: message, result: result, milliseconds: Int(clock.now() - began))
    }

    /// Waits until there may be something to do.
    private func rest() async {
        guard !isStopping else { return }
        let alarm = Task { [bell = queue.bell] in
            try await Task.sleep(for: Self.pause)
            bell.ring()
        }
        await queue.bell.heard()
        alarm.cancel()
    }

    private func turnsEnded() async {
        guard !share.isEmpty else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func resumeWaiting() {
        let ended = waiting
        waiting = []
        for continuation in ended { continuation.resume() }
    }

    /// What fails is reported; the claim runs out, and it is done again.
    private func attempt<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async -> Value? {
        do throws(WebhookError) {
            return try await queue.database.write(throwing: WebhookError.self, work)
        } catch {
            report(error)
            return nil
        }
    }
}
