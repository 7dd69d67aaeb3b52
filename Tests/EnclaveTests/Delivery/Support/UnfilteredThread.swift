import Threads

/// A thread that works for those whose system calls are filtered, as delivering threads' are in these tests.
///
/// A thread started from a filtered one takes the filter over, and whoever resumes a continuation may start one: the
/// runtime's own. So such a thread neither connects nor resumes, but has both done here.
enum UnfilteredThread {
    private static let pool = WorkerPool("unfiltered", threads: 1, capacity: 10_000)

    /// Starts the thread. Call it before a filtered thread asks for anything.
    static func start() { _ = pool }

    static func run(_ job: @escaping @Sendable () -> Void) {
        precondition(pool?.submit(job) == true, "no thread, or nobody to take so much work")
    }

    /// Blocks until `work` is done.
    static func value<Value: Sendable>(of work: @escaping @Sendable () -> Value) -> Value {
        let result = Monitor<Value?>(nil)
        run {
            let value = work()
            result.update { $0 = value }
        }
        return result.wait { $0 }
    }
}
