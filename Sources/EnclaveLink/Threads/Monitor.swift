import Glibc

/// State behind a lock, with a way to wait until it has changed.
///
/// `Mutex` has no condition to wait on, and the threads of host link and enclave sleep until there is work.
/// Unchecked because the compiler cannot see that the lock guards the state.
public final class Monitor<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    public init(_ state: sending State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Changes the state and wakes one waiting thread.
    public func signal<Result>(_ body: (inout State) -> Result) -> Result {
        let result = withLock(body)
        pthread_cond_signal(condition)
        return result
    }

    /// Changes the state and wakes every waiting thread.
    public func broadcast<Result>(_ body: (inout State) -> Result) -> Result {
        let result = withLock(body)
        pthread_cond_broadcast(condition)
        return result
    }

    /// Sleeps until `body` gives a result. It is asked at once and after every wake.
    public func wait<Result>(for body: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Sleeps until `body` gives a result, but no longer than until `deadline`; then nil.
    public func wait<Result>(until deadline: MonotonicTime, for body: (inout State) -> Result?) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var limit = deadline.specification
        while true {
            if let result = body(&state) { return result }
            if pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT { return body(&state) }
        }
    }
}
