import EnclaveLink

extension SealedFlow {
    /// The keys that sign this flow's verification tokens.
    func verificationPurpose(_ mode: ChallengeMode) -> SigningKeyPurpose {
        switch self {
        case .turnkey: .enclave(mode)
        case .countersign: .session(mode)
        }
    }

    /// The keys that sign this flow's sessions.
    func sessionPurpose(_ mode: ChallengeMode) -> SigningKeyPurpose {
        switch self {
        case .turnkey: .notary(mode)
        case .countersign: .session(mode)
        }
    }

    /// The header type of this flow's verification tokens.
    var verificationType: String {
        switch self {
        case .turnkey: "JWT"
        case .countersign: "verification+jwt"
        }
    }
}
