import Synchronization

/// Tells those who wait how an enclave's life ended, once it has.
final class EndingNotice: Sendable {
    private struct State {
        var ending: EnclaveEnding?
        var waiting: [CheckedContinuation<EnclaveEnding, Never>] = []
    }

    private let state = Mutex(State())

    /// Waits until the life has ended.
    func wait() async -> EnclaveEnding {
        await withCheckedContinuation { continuation in
            let ending = state.withLock { state in
                if state.ending == nil { state.waiting.append(continuation) }
                return state.ending
            }
            if let ending { continuation.resume(returning: ending) }
        }
    }

    /// Notes the end. The first one counts.
    /// - Parameter find: says how it ended; nobody takes the life for one that goes on from then on.
    func note(_ find: () -> EnclaveEnding) {
        let (waiting, ending) = state.withLock {
            state -> ([CheckedContinuation<EnclaveEnding, Never>], EnclaveEnding) in
            let ending = state.ending ?? find()
            state.ending = ending
            defer { state.waiting = [] }
            return (state.waiting, ending)
        }
        for continuation in waiting { continuation.resume(returning: ending) }
    }

    /// Does something to a life that has not ended, and does not end meanwhile.
    func beforeEnd(_ body: () -> Void) {
        state.withLock { if $0.ending == nil { body() } }
    }
}
