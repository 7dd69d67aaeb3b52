import Synchronization

/// Counts the attempts on each challenge, in memory only: with the process its challenges die too.
///
/// An attempt is counted before its code is compared, so that no number of parallel attempts gets more comparisons
/// than the limit. Entries die when their challenge does. The ledger is the only state that attempts share.
final class AttemptLedger: Sendable {
    /// What counting an attempt says about whether it may be compared.
    enum Admission: Equatable {
        case compare, locked, spent
        /// The challenge died before its attempt was counted.
        case expired
        /// The ledger is full; the attempt must be refused.
        case full
    }

    private struct Entry {
        var attempts: Int
        var isSpent: Bool
    }

    private let state: Mutex<MortalEntries<Entry>>
    private let capacity: Int

    /// - Parameter capacity: how many challenges may have attempts at the same time.
    init(capacity: Int = 1_000_000, now: EnclaveInstant) {
        self.capacity = capacity
        state = Mutex(MortalEntries(now: now))
    }

    /// How many challenges are remembered.
    var count: Int { state.withLock { $0.count } }

    /// Counts an attempt and says whether it may be compared.
    /// - Parameter expiry: when the challenge dies, in steady milliseconds.
    func admit(_ challenge: ChallengeDigest, limit: Int, expiry: Int64, now: EnclaveInstant) -> Admission {
        state.withLock { state in
            state.forget(now: now)
            if let entry = state[challenge] {
                if entry.isSpent { return .spent }
                if entry.attempts >= limit { return .locked }
                state[challenge]?.attempts += 1
                return .compare
            }
            // What was forgotten must not be counted anew: an attempt may wait for a thread while its challenge dies.
            guard state.count < capacity else { return .full }
            return state.insert(challenge, Entry(attempts: 1, isSpent: false), expiry: expiry) ? .compare : .expired
        }
    }

    /// Uses a challenge up after its code matched.
    /// - Returns: true for exactly one caller.
    func spend(_ challenge: ChallengeDigest) -> Bool {
        state.withLock { state in
            guard let entry = state[challenge], !entry.isSpent else { return false }
            state[challenge]?.isSpent = true
            return true
        }
    }

    /// True once the challenge takes no more attempts, whichever the reason.
    func isClosed(_ challenge: ChallengeDigest, limit: Int) -> Bool {
        state.withLock { state in
            guard let entry = state[challenge] else { return false }
            return entry.isSpent || entry.attempts >= limit
        }
    }
}
