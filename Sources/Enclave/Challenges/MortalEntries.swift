/// What is remembered of challenges for as long as they live, and no longer.
struct MortalEntries<Value> {
    private(set) var entries: [ChallengeDigest: Value] = [:]
    /// The challenges that die in each second, so that forgetting them needs no search.
    private var dying: [Int64: [ChallengeDigest]] = [:]
    private var forgottenUntil: Int64

    init(now: EnclaveInstant) { forgottenUntil = now.steadyMilliseconds / 1000 }

    var count: Int { entries.count }

    /// What is remembered of a challenge. Setting it makes no new entry.
    subscript(_ challenge: ChallengeDigest) -> Value? {
        get { entries[challenge] }
        set { if let newValue, entries[challenge] != nil { entries[challenge] = newValue } }
    }

    /// Remembers a challenge of which nothing was remembered.
    /// - Parameter expiry: when it dies, in steady milliseconds.
    /// - Returns: false for one that is dead and may have been forgotten: it must not be begun anew.
    mutating func insert(_ challenge: ChallengeDigest, _ value: Value, expiry: Int64) -> Bool {
        let death = expiry / 1000 + 1
        guard death > forgottenUntil else { return false }
        entries[challenge] = value
        dying[death, default: []].append(challenge)
        return true
    }

    /// Forgets those that died.
    mutating func forget(now: EnclaveInstant) {
        let second = now.steadyMilliseconds / 1000
        guard forgottenUntil < second else { return }
        // After a long silence there are fewer seconds with entries than seconds that passed.
        let seconds: [Int64] =
            second - forgottenUntil <= Int64(dying.count)
            ? Array((forgottenUntil + 1)...second) : dying.keys.filter { $0 <= second }
        for past in seconds {
            for challenge in dying.removeValue(forKey: past) ?? [] { entries[challenge] = nil }
        }
        forgottenUntil = second
    }
}
