import Threads

/// How many calls may be under way, how much may wait to be written, and how long an enclave may hang.
public struct CallLimits: Equatable, Sendable {
    /// Calls without an answer yet.
    public var calls: Int
    /// Bytes of calls that were not written yet.
    public var bytes: Int
    /// How long a send may make no headway. Then the enclave is ended.
    public var sendTimeLimit: Duration
    /// How long the enclave may say nothing at all after a call has passed its deadline. Then the enclave is ended.
    public var silence: Duration
    /// How long the enclave may say nothing while calls wait for it and count as busy. Beyond it, it may be stopped.
    public var quiet: Duration

    public init(
        calls: Int = 4096, bytes: Int = 8 * 1024 * 1024, sendTimeLimit: Duration = .seconds(5),
        silence: Duration = .seconds(10), quiet: Duration = .milliseconds(1500)
    ) {
        self.calls = calls
        self.bytes = bytes
        self.sendTimeLimit = sendTimeLimit
        self.silence = silence
        self.quiet = quiet
    }
}

/// How a call ended.
enum CallAnswer: Sendable {
    case answered(EnclaveFrameKind, FrameReader)
    case failed(EnclaveError)
}

/// A call whose answer is waited for.
struct CallUnderWay: Sendable {
    let identifier: UInt64
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<CallAnswer, Never>
}

/// What the writing thread has to do next.
struct CallWork: Sendable {
    let bytes: [UInt8]
    /// A call passed its deadline and the enclave has not said anything since: it may hang.
    let isFirstSilence: Bool
}

/// The calls of one connection: what has to be written, and who waits for which answer.
final class CallTable: Sendable {
    /// How often calls past their deadline are looked for.
    private static let sweepInterval = Duration.milliseconds(100)

    private struct State: Sendable {
        var unwritten: [UInt8] = []
        var underWay: [UInt64: CallUnderWay] = [:]
        var nextSweep: ContinuousClock.Instant?
        /// When the first call passed its deadline after the enclave was last heard.
        var silentSince: ContinuousClock.Instant?
        /// When the enclave was last heard, or asked after it had answered everything.
        var quietSince = ContinuousClock.now
        var isClosed = false
    }

    private let limits: CallLimits
    private let table = Monitor(State())

    init(limits: CallLimits) { self.limits = limits }

    /// Calls without an answer yet.
    var underWay: Int { table.withLock { $0.underWay.count } }

    /// Whether calls wait and the enclave has said nothing for a while.
    var isQuiet: Bool { table.withLock { !$0.underWay.isEmpty && .now - $0.quietSince >= limits.quiet } }

    /// Queues a call, or fails it at once.
    func add(_ frame: [UInt8], _ call: CallUnderWay) {
        let refusal: EnclaveError? = table.updateForOne { state in
            if state.isClosed { return EnclaveError(.unavailable) }
            guard state.underWay.count < limits.calls, state.unwritten.count + frame.count <= limits.bytes else {
                return EnclaveError(.overloaded)
            }
            if state.underWay.isEmpty, state.silentSince == nil { state.quietSince = .now }
            state.underWay[call.identifier] = call
            state.unwritten.append(contentsOf: frame)
            return nil
        }
        if let refusal { call.continuation.resume(returning: .failed(refusal)) }
    }

    /// Waits for something to do. Meanwhile it fails the calls whose time is over.
    /// - Returns: nil once the table is closed or the enclave was silent for too long.
    func nextWork() -> CallWork? {
        let (work, late): (CallWork?, [CallUnderWay]) = table.wait { state, wake in
            if state.isClosed { return (nil, []) }
            let wasSilent = state.silentSince != nil
            let late = Self.sweep(&state)
            if isSilentTooLong(state) { return (nil, late) }
            if !state.unwritten.isEmpty || !late.isEmpty {
                defer { state.unwritten = [] }
                let isFirst = !wasSilent && state.silentSince != nil
                return (CallWork(bytes: state.unwritten, isFirstSilence: isFirst), late)
            }
            wake = state.nextSweep
            return nil
        }
        Self.failLate(late)
        return work
    }

    /// Fails the calls whose time is over, for a writer that waits for the enclave to read.
    /// - Returns: false once the table is closed or the enclave was silent for too long.
    func sweepWhileSending() -> Bool {
        let (goesOn, late) = table.withLock { state in
            let late = Self.sweep(&state)
            return (!state.isClosed && !isSilentTooLong(state), late)
        }
        Self.failLate(late)
        return goesOn
    }

    /// Notes that the enclave said something.
    func hear() {
        table.withLock { state in
            state.silentSince = nil
            state.quietSince = .now
        }
    }

    private func isSilentTooLong(_ state: State) -> Bool {
        state.silentSince.map { .now - $0 >= limits.silence } ?? false
    }

    private static func failLate(_ calls: [CallUnderWay]) {
        for call in calls { call.continuation.resume(returning: .failed(EnclaveError(.unavailable))) }
    }

    /// Ends calls with their answers. An answer that nobody waits for any more is dropped.
    func resume(_ answers: [(UInt64, CallAnswer)]) {
        let ended = table.withLock { state in
            answers.compactMap { identifier, answer in
                state.underWay.removeValue(forKey: identifier).map { ($0, answer) }
            }
        }
        for (call, answer) in ended { call.continuation.resume(returning: answer) }
    }

    /// Fails every call, now and later.
    func close() {
        let calls = table.update { state in
            state.isClosed = true
            defer { state.underWay = [:] }
            return Array(state.underWay.values)
        }
        for call in calls { call.continuation.resume(returning: .failed(EnclaveError(.unavailable))) }
    }

    private static func sweep(_ state: inout State) -> [CallUnderWay] {
        guard !state.underWay.isEmpty else {
            state.nextSweep = nil
            return []
        }
        let now = ContinuousClock.now
        guard let due = state.nextSweep, due <= now else {
            if state.nextSweep == nil { state.nextSweep = now + sweepInterval }
            return []
        }
        state.nextSweep = now + sweepInterval
        let late = state.underWay.values.filter { $0.deadline <= now }
        for call in late { state.underWay[call.identifier] = nil }
        if !late.isEmpty, state.silentSince == nil { state.silentSince = now }
        return late
    }
}
