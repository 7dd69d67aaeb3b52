import Logging
import Synchronization

/// Keeps an enclave running, or a connection to one, and is the enclave to the rest of the host.
///
/// A new process counts as up once it was greeted and `prepare` has run for it. Until then, and while there is none,
/// every call fails at once with `unavailable`. Started once and stopped once: it lives, with its process, until `stop()`.
public final class EnclaveSupervisor: EnclaveCalling {
    /// Makes a fresh enclave ready, above all by loading its sealed signing keys. It talks to that one process.
    public typealias Preparing = @Sendable (any EnclaveCalling, Greeting) async throws -> Void

    private struct State {
        var current: EnclaveLife?
        /// The process that is being made ready.
        var starting: EnclaveLife?
        var isStopped = false
        var refusal: EnclaveStartError?
        var restarts: Task<Void, Never>?
    }

    private let launcher: EnclaveLauncher
    private let backoff: RestartBackoff
    private let logger: Logger
    private let counters = EnclaveCounters()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - origin: where enclaves come from.
    ///   - descriptors: opens what the enclave cannot open itself.
    ///   - limits: how many calls may be under way.
    ///   - greetingTimeLimit: milliseconds that a fresh process has until its greeting.
    /// - Throws: `notStarted` if the system has no threads to give.
    public init(
        origin: EnclaveOrigin, descriptors: any DescriptorSource, limits: CallLimits = CallLimits(),
        greetingTimeLimit: Int = 10_000, backoff: RestartBackoff = RestartBackoff(), logger: Logger
    ) throws(EnclaveStartError) {
        guard let workers = DescriptorWorkers() else { throw EnclaveStartError(.notStarted, reason: "no thread left") }
        launcher = EnclaveLauncher(
            origin: origin, source: descriptors, workers: workers, limits: limits,
            greetingTimeLimit: greetingTimeLimit, logger: logger)
        self.backoff = backoff
        self.logger = logger
    }

    public var greeting: Greeting? { state.withLock { $0.current?.connection.greeting } }

    public var isQuiet: Bool { state.withLock { $0.current }?.connection.isQuiet ?? false }

    /// The process that is up; nil while none is, and where it is not this one's child.
    public var processIdentifier: Int32? { state.withLock { $0.current?.instance.processIdentifier } }

    /// Why no enclave is started any more: its configuration is refused until somebody mends it.
    public var refusal: EnclaveStartError? { state.withLock { $0.refusal } }

    public func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        let began = ContinuousClock.now
        do throws(EnclaveError) {
            guard let life = state.withLock({ $0.current }) else { throw EnclaveError(.unavailable) }
            let reply = try await life.connection.call(request)
            counters.count(.now - began, isDone: true)
            return reply
        } catch {
            counters.count(.now - began, isDone: false)
            throw error
        }
    }

    /// What was asked of it so far, and what waits.
    public var figures: EnclaveFigures {
        let connection = state.withLock { $0.current?.connection }
        return counters.figures(isUp: connection?.greeting != nil, waiting: connection?.callsUnderWay ?? 0)
    }

    /// Starts the first process and returns once it is up. From then on it is started anew whenever it ends.
    /// - Throws: `EnclaveStartError`, or what `prepare` throws; nothing runs then.
    public func start(prepare: @escaping Preparing) async throws {
        launcher.source.discardLeftovers()
        let first = try await bringUpFirst(prepare)
        let restarts = Task { [weak self] in
            var life: EnclaveLife? = first
            while let ended = life { life = await self?.replace(ended, prepare) }
        }
        state.withLock { $0.restarts = restarts }
    }

    /// Ends the enclave, at first by closing its socket, after two seconds by force, and starts no other.
    public func stop() async {
        let (lives, restarts) = state.withLock { state in
            state.isStopped = true
            defer { state.current = nil }
            return ([state.current, state.starting].compactMap { $0 }, state.restarts)
        }
        restarts?.cancel()
        for life in lives { await life.stop() }
        await restarts?.value
        launcher.workers.close()
    }

    private func bringUpFirst(_ prepare: Preparing) async throws -> EnclaveLife {
        let deadline = ContinuousClock.now + launcher.origin.patience
        var pauses = backoff.pauses(after: backoff.longest).makeIterator()
        while true {
            do {
                return try await bringUp(prepare)
            } catch let error as EnclaveStartError {
                guard [.notStarted, .noGreeting].contains(error.code), let pause = pauses.next(),
                    .now + pause < deadline
                else { throw error }
                logger.notice("no enclave yet", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: pause)
            }
        }
    }

    private func bringUp(_ prepare: Preparing) async throws -> EnclaveLife {
        let life = try await launcher.launch()
        let isWanted = state.withLock { state in
            if !state.isStopped { state.starting = life }
            return !state.isStopped
        }
        do {
            guard isWanted else { throw EnclaveStartError(.stopped, reason: "stopped while it started") }
            let greeting = try await launcher.greet(life)
            try await prepare(life.connection, greeting)
            try open(life)
            return life
        } catch {
            life.instance.kill()
            _ = await life.instance.ended()
            state.withLock { $0.starting = nil }
            throw error
        }
    }

    private func open(_ life: EnclaveLife) throws(EnclaveStartError) {
        let isOpen = state.withLock { state in
            guard !state.isStopped else { return false }
            state.current = life
            state.starting = nil
            return true
        }
        guard isOpen else { throw EnclaveStartError(.stopped, reason: "stopped while it started") }
        logger.info("enclave is up", metadata: life.instance.processIdentifier.map { ["pid": "\($0)"] } ?? [:])
    }

    /// Waits for the end of a life and begins the next one.
    /// - Returns: nil if there shall be none.
    private func replace(_ life: EnclaveLife, _ prepare: Preparing) async -> EnclaveLife? {
        let ending = await life.instance.ended()
        life.connection.close()
        let isStopped = state.withLock { state in
            if state.current === life { state.current = nil }
            return state.isStopped
        }
        if isStopped { return nil }
        counters.countRestart()
        logger.error("enclave ended; it is started anew", metadata: ["cause": "\(ending.description)"])
        for pause in backoff.pauses(after: life.age) {
            do {
                try await Task.sleep(for: pause)
                return try await bringUp(prepare)
            } catch {
                guard goesOn(after: error) else { return nil }
            }
        }
        return nil
    }

    private func goesOn(after error: any Error) -> Bool {
        if state.withLock({ $0.isStopped }) { return false }
        logger.error("enclave did not come up", metadata: ["reason": "\(error)"])
        guard let refused = error as? EnclaveStartError, refused.code == .refused else { return true }
        state.withLock { $0.refusal = refused }
        return false
    }
}
