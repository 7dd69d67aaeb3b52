import Synchronization
import Threads

/// The threads that connect to providers. Each destination has its own: one whose name does not resolve, or which answers
/// nothing, holds up no other.
final class StreamWorkers: Sendable {
    private static let threadsEach = 4
    private static let capacity = 64

    private struct State {
        var pools: [Destination: WorkerPool] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// The threads of a destination, which are started when it is first asked for; nil if the system has none to give.
    func pool(for destination: Destination) -> WorkerPool? {
        state.withLock { state in
            if let pool = state.pools[destination] { return pool }
            guard !state.isClosed,
                let pool = WorkerPool("open stream", threads: Self.threadsEach, capacity: Self.capacity)
            else { return nil }
            state.pools[destination] = pool
            return pool
        }
    }

    /// Lets the threads of all other destinations end after what they have to do.
    func keep(only destinations: Set<Destination>) {
        state.withLock { state in
            for (destination, pool) in state.pools where !destinations.contains(destination) {
                pool.close()
                state.pools[destination] = nil
            }
        }
    }

    /// Lets all threads end after what they have to do.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for pool in state.pools.values { pool.close() }
        }
    }
}
