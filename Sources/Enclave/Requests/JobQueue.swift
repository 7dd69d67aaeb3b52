/// Runs work that is too slow for the thread that reads frames.
protocol JobQueue: Sendable {
    /// False while a submitted job might be refused.
    var hasRoom: Bool { get }
    /// True while submitted jobs wait for a thread.
    var hasWaiting: Bool { get }
    /// - Returns: false if the queue is full; the job then never runs.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool
}

extension JobQueue {
    var hasWaiting: Bool { false }
}

/// Runs each job at once, on the caller's thread.
struct ImmediateJobs: JobQueue {
    var hasRoom: Bool { true }

    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        job()
        return true
    }
}
