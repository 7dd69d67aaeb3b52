import Synchronization

/// Callers found lately, by the digest of their key. Where this process is the only one that changes the database, it
/// knows when a key or a workspace changed, and forgets everything then; elsewhere it remembers nothing.
final class CallerCache: Sendable {
    struct Entry: Sendable {
        var caller: Caller
        /// Unix milliseconds; nil for a key that does not expire.
        var expiresAt: Int64?
    }

    private struct State {
        var entries: [[UInt8]: Entry] = [:]
        /// Counts how often everything was forgotten.
        var generation = 0
    }

    private static let limit = 1_000
    private let isAllowed: Bool
    private let state = Mutex(State())

    init(isAllowed: Bool) { self.isAllowed = isAllowed }

    /// What is known of a key, and the generation to hand back with what the database says of it.
    func find(_ digest: [UInt8]) -> (entry: Entry?, generation: Int) {
        state.withLock { ($0.entries[digest], $0.generation) }
    }

    /// Remembers what was read under `generation`, unless something changed since: then it may be old news.
    func remember(_ entry: Entry, for digest: [UInt8], generation: Int) {
        guard isAllowed else { return }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= Self.limit { state.entries.removeAll() }
            state.entries[digest] = entry
        }
    }

    /// Forgets everything. Called after a change was committed and before it is acknowledged.
    func forgetAll() {
        state.withLock { state in
            state.entries.removeAll()
            state.generation += 1
        }
    }
}
