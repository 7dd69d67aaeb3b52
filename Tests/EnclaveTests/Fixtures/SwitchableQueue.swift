import Synchronization

@testable import Enclave

/// A queue that a test closes, holds and opens. Open, it runs each job at once.
final class SwitchableQueue: JobQueue {
    private enum Position { case open, held, closed }

    private struct State {
        var position = Position.open
        var jobs: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    var hasRoom: Bool { state.withLock { $0.position != .closed } }
    /// How many jobs wait.
    var held: Int { state.withLock { $0.jobs.count } }

    func close() { state.withLock { $0.position = .closed } }
    func hold() { state.withLock { $0.position = .held } }

    func open() {
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            state.position = .open
            return state.jobs
        }
        for job in jobs { job() }
    }

    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let position = state.withLock { state in
            if state.position == .held { state.jobs.append(job) }
            return state.position
        }
        if position == .open { job() }
        return position != .closed
    }
}
