import EnclaveLink

/// A code with everything that its message needs.
struct CodeDelivery: Sendable {
    let workspace: String
    let challenge: String
    /// The challenge's name in the ledgers.
    let digest: ChallengeDigest
    let contact: ContactAddress
    let channel: Channel
    /// One that serves the channel.
    let provider: String
    let code: Passcode
    let wording: MessageWording
    /// The transaction that the code confirms, as canonical JSON.
    var binding: String?
    /// Milliseconds from now until the attempt is given up.
    let timeLimit: Int
}

/// Brings codes to people.
protocol CodeDelivering: Sendable {
    /// Delivers without blocking the caller; `completion` is called exactly once.
    func deliver(_ delivery: CodeDelivery, completion: @escaping @Sendable (DeliveryOutcome) -> Void)
}
