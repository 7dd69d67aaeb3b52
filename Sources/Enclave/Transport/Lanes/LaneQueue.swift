import Threads

/// The bounded queue in front of a lane's workers: first come, first served.
final class LaneQueue<Errand: Sendable, Outcome: Sendable>: Sendable {
    typealias Job = LaneJob<Errand, Outcome>

    private struct State: Sendable {
        var jobs: [Job] = []
        /// The workers that wait for a job, by their rank.
        var idle: Set<Int> = []
        var closed = false
    }

    private let capacity: Int
    private let monitor = Monitor(State())

    /// - Parameter capacity: jobs that may wait; those under way do not count.
    init(capacity: Int) { self.capacity = capacity }

    /// - Returns: false if the queue is full or closed; the job was then not taken.
    func append(_ job: Job) -> Bool {
        monitor.update { state in
            guard !state.closed, state.jobs.count < capacity else { return false }
            state.jobs.append(job)
            return true
        }
    }

    /// Blocks until there is a job that no idle worker of a lower rank will take: so few connections are used again
    /// and again while there is little to do, rather than each in its turn.
    ///
    /// - Returns: nil once the queue is closed.
    func next(rank: Int) -> Job? {
        monitor.wait { state, _ -> Job?? in
            if state.closed { return .some(nil) }
            state.idle.insert(rank)
            guard state.jobs.count > state.idle.count(where: { $0 < rank }) else { return nil }
            state.idle.remove(rank)
            return .some(state.jobs.removeFirst())
        }
    }

    /// Blocks until jobs have waited too long, and takes them out.
    ///
    /// - Returns: nil once the queue is closed.
    func nextExpired() -> [Job]? {
        monitor.wait { state, wake -> [Job]?? in
            if state.closed { return .some(nil) }
            let now = ContinuousClock.now
            let expired = state.jobs.filter { $0.latestStart <= now }
            if !expired.isEmpty {
                state.jobs.removeAll { $0.latestStart <= now }
                return expired
            }
            wake = state.jobs.map(\.latestStart).min()
            return nil
        }
    }

    /// Ends every `next` and `nextExpired`, now and later.
    ///
    /// - Returns: the jobs that still waited.
    func close() -> [Job] {
        monitor.update { state in
            state.closed = true
            defer { state.jobs = [] }
            return state.jobs
        }
    }
}
