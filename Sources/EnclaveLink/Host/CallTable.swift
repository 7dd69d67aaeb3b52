import Threads

/// How many calls may be under way, and how much may wait to be written.
public struct CallLimits: Equatable, Sendable {
    /// Calls without an answer yet.
    public var calls: Int
    /// Bytes of calls that were not written yet.
    public var bytes: Int

    public init(calls: Int = 4096, bytes: Int = 8 * 1024 * 1024) {
        self.calls = calls
        self.bytes = bytes
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

/// The calls of one connection: what has to be written, and who waits for which answer.
final class CallTable: Sendable {
    /// How often calls past their deadline are looked for.
    private static let sweepInterval = Duration.milliseconds(100)

    private struct State: Sendable {
        var unwritten: [UInt8] = []
        var underWay: [UInt64: CallUnderWay] = [:]
        var nextSweep: ContinuousClock.Instant?
        var isClosed = false
    }

    private let limits: CallLimits
    private let table = Monitor(State())

    init(limits: CallLimits) { self.limits = limits }

    /// Queues a call, or fails it at once.
    func add(_ frame: [UInt8], _ call: CallUnderWay) {
        let refusal: EnclaveError? = table.updateForOne { state in
            if state.isClosed { return EnclaveError(.unavailable) }
            guard state.underWay.count < limits.calls, state.unwritten.count + frame.count <= limits.bytes else {
                return EnclaveError(.overloaded)
            }
            state.underWay[call.identifier] = call
            state.unwritten.append(contentsOf: frame)
            return nil
        }
        if let refusal { call.continuation.resume(returning: .failed(refusal)) }
    }

    /// Waits for something to write. Meanwhile it fails the calls whose time is over.
    /// - Returns: nil once the table is closed.
    func nextBytes() -> [UInt8]? {
        let (bytes, late): ([UInt8]?, [CallUnderWay]) = table.wait { state, wake in
            if state.isClosed { return (nil, []) }
            let late = Self.sweep(&state)
            if !state.unwritten.isEmpty || !late.isEmpty {
                defer { state.unwritten = [] }
                return (state.unwritten, late)
            }
            wake = state.nextSweep
            return nil
        }
        for call in late { call.continuation.resume(returning: .failed(EnclaveError(.unavailable))) }
        return bytes
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
        return late
    }
}
