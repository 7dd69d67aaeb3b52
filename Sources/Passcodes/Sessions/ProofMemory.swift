import Crypto
import SealedPasscodes
import Synchronization
import Workspaces

/// The proofs of possession that were accepted lately, so that none counts twice (RFC 9449 §11.1). Kept by this process
/// alone, and only as long as a proof could be shown again.
final class ProofMemory: Sendable {
    private struct Entry: Sendable {
        /// SHA-256 of the key's thumbprint and the proof's identifier: 32 bytes, however long that is.
        var proof: [UInt8]
        var key: String
    }

    private struct State {
        var seen: Set<[UInt8]> = []
        /// Proofs remembered of each key, by its thumbprint.
        var shares: [String: Int] = [:]
        /// What may be forgotten after a second; there are no more seconds than the window is long.
        var endings: [Int64: [Entry]] = [:]

        mutating func accept(
            _ entry: Entry, until end: Int64, now: Int64, capacity: Int, share: Int
        ) throws(PasscodeError) {
            forget(before: now)
            guard !seen.contains(entry.proof) else { throw .proofRefused("it was used before") }
            guard shares[entry.key, default: 0] < share else {
                // From as early as a proof may come to as late as it counts.
                let policy = RateLimitPolicy(name: "session", uses: share, seconds: 2 * Int(PossessionProof.window))
                throw .workspace(.requestsLimited(from: "session", policy: policy, retryAfter: 1))
            }
            guard seen.count < capacity else { throw .unavailable("too many proofs are remembered") }
            seen.insert(entry.proof)
            shares[entry.key, default: 0] += 1
            endings[end, default: []].append(entry)
        }

        private mutating func forget(before now: Int64) {
            for second in endings.keys where second < now {
                for entry in endings.removeValue(forKey: second) ?? [] {
                    seen.remove(entry.proof)
                    let left = shares[entry.key, default: 1] - 1
                    shares[entry.key] = left > 0 ? left : nil
                }
            }
        }
    }

    private let capacity: Int
    private let share: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: proofs of all keys together.
    ///   - share: proofs of one key: whoever floods is refused before others are.
    init(capacity: Int = 100_000, share: Int = 1_000) {
        self.capacity = capacity
        self.share = share
    }

    /// Accepts a proof that is within its window, once. `now` is in seconds.
    /// Throws `proofRefused` for one that was accepted before, `workspace` with `rateLimited` for too many of one key,
    /// `unavailable` for too many at all.
    func accept(_ proof: PossessionProof, now: Int64) throws(PasscodeError) {
        let thumbprint = proof.key.thumbprint
        let entry = Entry(
            proof: Array(SHA256.hash(data: Array("\(thumbprint) \(proof.identifier)".utf8))), key: thumbprint)
        let end = proof.issuedAt + PossessionProof.window
        try state.withLock { state throws(PasscodeError) in
            try state.accept(entry, until: end, now: now, capacity: capacity, share: share)
        }
    }
}
