import Synchronization

/// Wakes the one who delivers when there may be something to deliver. Rung while nobody listens it is heard once.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var listener: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let listener = state.withLock { state in
            state.isRung = state.listener == nil
            defer { state.listener = nil }
            return state.listener
        }
        listener?.resume()
    }

    /// Waits until it is rung, or was since the last time.
    func heard() async {
        await withCheckedContinuation { continuation in
            let wasRung = state.withLock { state in
                if state.isRung {
                    state.isRung = false
                    return true
                }
                state.listener = continuation
                return false
            }
            if wasRung { continuation.resume() }
        }
    }
}
