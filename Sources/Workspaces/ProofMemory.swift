import Crypto
import SealedPasscodes
import Synchronization

/// The proofs of possession that were accepted lately, so that none counts twice (RFC 9449 §11.1). Kept by this process
/// alone, and only as long as a proof could be shown again.
public final class ProofMemory: Sendable {
    /// A key's share, as a limit is told: counted from as early as a proof may come to as late as it counts.
    public static func policy(_ name: String, _ proofs: Int) -> RateLimitPolicy {
        RateLimitPolicy(name: name, uses: proofs, seconds: 2 * Int(PossessionProof.window))
    }

    /// Why a proof is not accepted.
    public enum Refusal: Error, Equatable, Sendable {
        case seenBefore
        /// So many proofs of one key are remembered.
        case shareUsedUp(proofs: Int)
        case full
    }

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
        ) throws(Refusal) {
            forget(before: now)
            guard !seen.contains(entry.proof) else { throw .seenBefore }
            guard shares[entry.key, default: 0] < share else { throw .shareUsedUp(proofs: share) }
            guard seen.count < capacity else { throw .full }
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
    public init(capacity: Int = 100_000, share: Int = 1_000) {
        self.capacity = capacity
        self.share = share
    }

    /// Accepts a proof that is within its window, once. `now` is in seconds.
    public func accept(_ proof: PossessionProof, now: Int64) throws(Refusal) {
        let thumbprint = proof.key.thumbprint
        let entry = Entry(
            proof: Array(SHA256.hash(data: Array("\(thumbprint) \(proof.identifier)".utf8))), key: thumbprint)
        let end = proof.issuedAt + PossessionProof.window
        try state.withLock { state throws(Refusal) in
            try state.accept(entry, until: end, now: now, capacity: capacity, share: share)
        }
    }
}
