import EnclaveLink
import Synchronization

/// Over which channels each code went out, in memory only: what a token says of the way that a code took is what
/// happened, and not what was wished.
final class DeliveryLedger: Sendable {
    private struct Entry {
        /// Over which a provider took the message, or may have.
        var arrived: Set<Channel> = []
        /// Over which a message is or was on its way.
        var tried: Set<Channel> = []
    }

    private let state: Mutex<MortalEntries<Entry>>
    private let capacity: Int

    /// - Parameter capacity: how many challenges may be delivered at the same time.
    init(capacity: Int = 1_000_000, now: EnclaveInstant) {
        self.capacity = capacity
        state = Mutex(MortalEntries(now: now))
    }

    /// Notes that a message is about to go out. A person may type its code before the provider's word is in.
    /// - Throws: `overloaded` if the ledger is full, `challengeNotAlive` if the challenge died meanwhile.
    func begin(
        _ challenge: ChallengeDigest, over channel: Channel, expiry: Int64, now: EnclaveInstant
    ) throws(EnclaveError) {
        try state.withLock { state throws(EnclaveError) in
            state.forget(now: now)
            if state[challenge] != nil {
                state[challenge]?.tried.insert(channel)
                return
            }
            guard state.count < capacity else { throw EnclaveError(.overloaded) }
            guard state.insert(challenge, Entry(tried: [channel]), expiry: expiry) else {
                throw EnclaveError(.challengeNotAlive)
            }
        }
    }

    /// Notes how a delivery ended.
    func end(_ challenge: ChallengeDigest, over channel: Channel, _ outcome: DeliveryOutcome) {
        state.withLock { state in
            if outcome.mayHaveArrived {
                state[challenge]?.arrived.insert(channel)
            } else {
                state[challenge]?.tried.remove(channel)
            }
        }
    }

    /// The channels over which the code went out. Where no provider has taken a message yet, those that one is on its way
    /// over; none where nothing was sent.
    func channels(of challenge: ChallengeDigest) -> Set<Channel> {
        state.withLock { state in
            guard let entry = state[challenge] else { return [] }
            return entry.arrived.isEmpty ? entry.tried : entry.arrived
        }
    }
}

extension DeliveryOutcome {
    /// True unless it is certain that no message of this delivery reaches the person.
    var mayHaveArrived: Bool {
        switch self {
        case .accepted: true
        case .failed(let failure): failure.mayHaveArrived
        }
    }
}
