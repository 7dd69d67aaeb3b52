/// A few threads that run jobs from a bounded queue, first come, first served.
public final class WorkerPool: Sendable {
    private struct State: Sendable {
        // A ring would save moving the rest; the queue is short enough that nobody notices.
        var jobs: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let capacity: Int
    private let queue = Monitor(State())

    /// - Parameters:
    ///   - name: the threads' name.
    ///   - threads: how many jobs run at the same time.
    ///   - capacity: how many more may wait.
    /// - Returns: nil if the system has no threads to give.
    public init?(_ name: String, threads: Int, capacity: Int) {
        self.capacity = capacity
        for _ in 0..<threads {
            guard DetachedThread.start(name, { [queue] in Self.work(queue) }) else {
                close()
                return nil
            }
        }
    }

    deinit { close() }

    /// False while a submitted job would be refused.
    public var hasRoom: Bool { queue.withLock { !$0.isClosed && $0.jobs.count < capacity } }

    /// True while submitted jobs wait for a thread; each of them still runs.
    public var hasWaiting: Bool { queue.withLock { !$0.jobs.isEmpty } }

    /// - Returns: false if the queue is full or closed; the job then never runs.
    public func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        queue.updateForOne { state in
            guard !state.isClosed, state.jobs.count < capacity else { return false }
            state.jobs.append(job)
            return true
        }
    }

    /// Takes no more jobs. Those that wait still run, then the threads end.
    public func close() { queue.update { $0.isClosed = true } }

    private static func work(_ queue: Monitor<State>) {
        while true {
            let job = queue.wait { state, _ -> (@Sendable () -> Void)?? in
                if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
                return state.isClosed ? .some(nil) : nil
            }
            guard let job else { return }
            job()
        }
    }
}
