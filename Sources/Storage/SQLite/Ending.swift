import Synchronization

/// The moment at which something has ended, for any number of tasks to wait for.
final class Ending: Sendable {
    private struct State {
        var isReached = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func reach() {
        let waiting = state.withLock { state in
            state.isReached = true
            return state.waiting
        }
        for task in waiting { task.resume() }
    }

    func wait() async {
        await withCheckedContinuation { task in
            let isReached = state.withLock { state in
                if !state.isReached { state.waiting.append(task) }
                return state.isReached
            }
            if isReached { task.resume() }
        }
    }
}
