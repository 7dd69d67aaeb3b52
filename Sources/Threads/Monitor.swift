import Glibc

/// State behind a lock, with a way to wait until it has changed. `Synchronization.Mutex` has no way to wait, and the
/// threads on both sides of the link sleep until there is work.
///
/// Unchecked because the compiler cannot see that the lock guards `state`: it is read and written only between
/// locking and unlocking, and the lock and the condition never move.
public final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init(_ state: sending State) {
        self.state = state
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(change, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    /// Runs `body` with the state to itself. Wakes nobody.
    public func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&state)
    }

    /// Runs `body` with the state to itself, then wakes every waiting thread.
    public func update<Result>(_ body: (inout State) -> Result) -> Result {
        defer { pthread_cond_broadcast(change) }
        return withLock(body)
    }

    /// Runs `body` with the state to itself, then wakes one waiting thread.
    public func updateForOne<Result>(_ body: (inout State) -> Result) -> Result {
        defer { pthread_cond_signal(change) }
        return withLock(body)
    }

    /// Waits until `body` returns something other than nil. `body` runs with the state to itself, once at the start
    /// and again after every change; it may name a time at which it wants to be run again without one.
    public func wait<Result>(_ body: (inout State, _ wake: inout ContinuousClock.Instant?) -> Result?) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            var wake: ContinuousClock.Instant?
            if let result = body(&state, &wake) { return result }
            sleep(until: wake)
        }
    }

    /// Waits until `body` returns something other than nil, and asks it again after every change.
    public func wait<Result>(_ body: (inout State) -> Result?) -> Result { wait { state, _ in body(&state) } }

    private func sleep(until wake: ContinuousClock.Instant?) {
        guard let wake else {
            pthread_cond_wait(change, lock)
            return
        }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let pause = max(.zero, wake - .now).components
        time.tv_sec += Int(pause.seconds)
        time.tv_nsec += Int(pause.attoseconds / 1_000_000_000)
        if time.tv_nsec >= 1_000_000_000 {
            time.tv_sec += 1
            time.tv_nsec -= 1_000_000_000
        }
        pthread_cond_timedwait(change, lock, &time)
    }
}
