import Synchronization

/// Counts wrong codes for each live contact, over all challenges and workspaces, in memory only.
///
/// The host counts too. This count stands against a host that makes challenge after challenge for one contact and
/// guesses at each: it gets `limit` guesses from one enclave process, then none for a day (NIST SP 800-63B).
final class ContactLedger: Sendable {
    /// Wrong codes in a row.
    static let limit = 100
    /// Milliseconds that a wrong code is remembered at least; twice that at most.
    static let memory: Int64 = 86_400_000

    private struct State {
        var failures: [ChallengeDigest: Int] = [:]
        /// Those of the period before, which still count.
        var earlier: [ChallengeDigest: Int] = [:]
        var periodEnd: Int64
    }

    private let state: Mutex<State>
    private let capacity: Int

    /// - Parameter capacity: how many contacts may have wrong codes in one period.
    init(capacity: Int = 1_000_000, now: EnclaveInstant) {
        self.capacity = capacity
        state = Mutex(State(periodEnd: now.steadyMilliseconds + Self.memory))
    }

    /// Counts an attempt as wrong, before it is compared, and says whether it may be.
    func admit(_ contact: ChallengeDigest, now: EnclaveInstant) -> AttemptLedger.Admission {
        state.withLock { state in
            Self.turnPeriod(&state, now: now.steadyMilliseconds)
            let failures = state.failures[contact] ?? state.earlier[contact] ?? 0
            guard failures < Self.limit else { return .locked }
            guard state.failures[contact] != nil || state.failures.count < capacity else { return .full }
            state.failures[contact] = failures + 1
            return .compare
        }
    }

    /// Whether an attempt may be compared, for one that cannot be right and so counts against nobody.
    func peek(_ contact: ChallengeDigest, now: EnclaveInstant) -> AttemptLedger.Admission {
        state.withLock { state in
            Self.turnPeriod(&state, now: now.steadyMilliseconds)
            let failures = state.failures[contact] ?? state.earlier[contact] ?? 0
            return failures < Self.limit ? .compare : .locked
        }
    }

    /// Ends a row of wrong codes: the right one came.
    func clear(_ contact: ChallengeDigest) {
        state.withLock { state in
            state.failures[contact] = nil
            state.earlier[contact] = nil
        }
    }

    private static func turnPeriod(_ state: inout State, now: Int64) {
        guard now >= state.periodEnd else { return }
        state.earlier = now < state.periodEnd + memory ? state.failures : [:]
        state.failures = [:]
        state.periodEnd = now + memory
    }
}
