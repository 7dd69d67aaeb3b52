/// A pinned key, and those that it vouches for, each by the word of the one before.
struct TrustedKeys: Sendable {
    /// What a pinned key signs.
    enum Role: Sendable, Hashable, CaseIterable {
        /// Target keys, and the Turnkey dialect's verification tokens.
        case signer
        /// The Turnkey dialect's sessions.
        case notary

        fileprivate var purposes: Set<String> {
            switch self {
            case .signer: ["enclave", "enclaveTest"]
            case .notary: ["notary", "notaryTest"]
            }
        }
    }

    let role: Role
    /// The pinned key first, then in the order of succession.
    private(set) var keys: [PublicKey]
    /// That of the first endorsement; a key and its successors serve one purpose.
    private var purpose: String?

    init(_ role: Role, pinned: PublicKey?) {
        self.role = role
        keys = pinned.map { [$0] } ?? []
    }

    /// Takes in whatever the keys of the chain endorse, in whatever order it was published.
    mutating func follow(_ endorsements: [Endorsement]) {
        var position = 0
        while position < keys.count {
            for endorsement in endorsements where endorsement.previous == keys[position] { take(endorsement) }
            position += 1
        }
    }

    private mutating func take(_ endorsement: Endorsement) {
        guard role.purposes.contains(endorsement.purpose), purpose == nil || purpose == endorsement.purpose,
            !keys.contains(endorsement.next)
        else { return }
        purpose = endorsement.purpose
        keys.append(endorsement.next)
    }
}
