import Synchronization

/// What was read lately. Where this process is the only one that changes the database, it knows when a key or a
/// workspace changed, and forgets everything then; elsewhere it remembers nothing.
public final class ChangeCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var values: [Key: Value] = [:]
        /// Counts how often everything was forgotten.
        var generation = 0
    }

    private let limit: Int
    private let isAllowed: Bool
    private let state = Mutex(State())

    public init(isAllowed: Bool, limit: Int = 1_000) {
        self.isAllowed = isAllowed
        self.limit = limit
    }

    /// What is known under a key, and the generation to hand back with what the database says of it.
    public func find(_ key: Key) -> (value: Value?, generation: Int) {
        state.withLock { ($0.values[key], $0.generation) }
    }

    /// Remembers what was read under `generation`, unless something changed since: then it may be old news.
    public func remember(_ value: Value, for key: Key, generation: Int) {
        guard isAllowed else { return }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.values.count >= limit { state.values.removeAll() }
            state.values[key] = value
        }
    }

    /// What is known under a key, else what `read` finds, which is remembered.
    public func value<Failure: Error>(
        for key: Key, read: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let (known, generation) = find(key)
        if let known { return known }
        let value = try await read()
        remember(value, for: key, generation: generation)
        return value
    }

    /// The same within a unit of work.
    public func value<Failure: Error>(for key: Key, read: () throws(Failure) -> Value) throws(Failure) -> Value {
        let (known, generation) = find(key)
        if let known { return known }
        let value = try read()
        remember(value, for: key, generation: generation)
        return value
    }

    /// Forgets everything. Called after a change was committed and before it is acknowledged.
    public func forgetAll() {
        state.withLock { state in
            state.values.removeAll()
            state.generation += 1
        }
    }
}
