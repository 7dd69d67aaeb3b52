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

    private struct State {
        var entries: [ChallengeDigest: Entry] = [:]
        /// The challenges that die in each second, so that forgetting them needs no search.
        var dying: [Int64: [ChallengeDigest]] = [:]
        var forgottenUntil: Int64
    }

    private let state: Mutex<State>
    private let capacity: Int

    /// - Parameter capacity: how many challenges may have attempts at the same time.
    init(capacity: Int = 1_000_000, now: EnclaveInstant) {
        self.capacity = capacity
        state = Mutex(State(forgottenUntil: now.steadyMilliseconds / 1000))
    }

    /// How many challenges are remembered.
    var count: Int { state.withLock { $0.entries.count } }

    /// Counts an attempt and says whether it may be compared.
    /// - Parameter expiry: when the challenge dies, in steady milliseconds.
    func admit(_ challenge: ChallengeDigest, limit: Int, expiry: Int64, now: EnclaveInstant) -> Admission {
        state.withLock { state in
            Self.forget(before: now.steadyMilliseconds / 1000, &state)
            if let entry = state.entries[challenge] {
                if entry.isSpent { return .spent }
                if entry.attempts >= limit { return .locked }
                state.entries[challenge]?.attempts += 1
                return .compare
            }
            // What was forgotten must not be counted anew: an attempt may wait for a thread while its challenge dies.
            let death = expiry / 1000 + 1
            guard death > state.forgottenUntil else { return .expired }
            guard state.entries.count < capacity else { return .full }
            state.entries[challenge] = Entry(attempts: 1, isSpent: false)
            state.dying[death, default: []].append(challenge)
            return .compare
        }
    }

    /// Uses a challenge up after its code matched.
    /// - Returns: true for exactly one caller.
    func spend(_ challenge: ChallengeDigest) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[challenge], !entry.isSpent else { return false }
            state.entries[challenge]?.isSpent = true
            return true
        }
    }

    /// True once the challenge takes no more attempts, whichever the reason.
    func isClosed(_ challenge: ChallengeDigest, limit: Int) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[challenge] else { return false }
            return entry.isSpent || entry.attempts >= limit
        }
    }

    private static func forget(before second: Int64, _ state: inout State) {
        guard state.forgottenUntil < second else { return }
        // After a long silence there are fewer seconds with entries than seconds that passed.
        let seconds: [Int64] =
            second - state.forgottenUntil <= Int64(state.dying.count)
            ? Array((state.forgottenUntil + 1)...second) : state.dying.keys.filter { $0 <= second }
        for past in seconds {
            for challenge in state.dying.removeValue(forKey: past) ?? [] { state.entries[challenge] = nil }
        }
        state.forgottenUntil = second
    }
}
