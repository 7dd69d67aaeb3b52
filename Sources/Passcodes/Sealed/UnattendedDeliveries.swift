import Synchronization

/// Deliveries that nobody waits for: their askers were answered before. They are bounded, because a slow provider must
/// not let strangers fill the memory, and a server that ends waits for them.
final class UnattendedDeliveries: Sendable {
    private struct State {
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Milliseconds from the answer to the delivery, drawn anew for each: one that began beside the answer would slow
    /// it down, and so tell from how long it took that a message goes out.
    private static let pauses = 10...50

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: deliveries at a time.
    init(capacity: Int = 1_000) { self.capacity = capacity }

    /// Takes a place, before anything is decided about the send. Each place goes to `run` or `release`.
    /// Throws `unavailable` if none is free.
    func reserve() throws(PasscodeError) {
        let reserved = state.withLock { state in
            guard state.underWay < capacity else { return false }
            state.underWay += 1
            return true
        }
        guard reserved else { throw .unavailable("too many deliveries are under way") }
    }

    /// Gives a place back.
    func release() {
        let waiting = state.withLock { state in
            state.underWay -= 1
            return state.underWay == 0 ? Self.takeWaiting(&state) : []
        }
        waiting.forEach { $0.resume() }
    }

    /// Delivers in a reserved place, a moment later, and gives it back.
    func run(_ delivery: @escaping @Sendable () async -> Void) {
        Task {
            try? await Task.sleep(for: .milliseconds(Int.random(in: Self.pauses)))
            await delivery()
            release()
        }
    }

    /// Waits until none is under way, at most as long as `limit`. Returns how many still are.
    func drain(within limit: Duration) async -> Int {
        let alarm = Task {
            try await Task.sleep(for: limit)
            state.withLock { Self.takeWaiting(&$0) }.forEach { $0.resume() }
        }
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                guard state.underWay > 0 else { return false }
                state.waiting.append(continuation)
                return true
            }
            if !isWaiting { continuation.resume() }
        }
        alarm.cancel()
        return state.withLock { $0.underWay }
    }

    private static func takeWaiting(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.waiting = [] }
        return state.waiting
    }
}
