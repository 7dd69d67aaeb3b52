/// Which sealed flow a challenge belongs to. An attempt of one flow is refused by the other.
public enum SealedFlow: String, CaseIterable, Hashable, Sendable, Codable {
    /// The Turnkey dialect.
    case turnkey
    /// Our own API.
    case countersign
}

extension SealedFlow {
    /// The keys that sign this flow's verification tokens.
    public func verificationPurpose(_ mode: ChallengeMode) -> SigningKeyPurpose {
        switch self {
        case .turnkey: .enclave(mode)
        case .countersign: .session(mode)
        }
    }

    /// The keys that sign this flow's sessions.
    public func sessionPurpose(_ mode: ChallengeMode) -> SigningKeyPurpose {
        switch self {
        case .turnkey: .notary(mode)
        case .countersign: .session(mode)
        }
    }
}

/// What makes a challenge a sealed one: the enclave makes a P-256 target key for it, seals its private half with the
/// code, and signs its public half.
public struct SealedTarget: Equatable, Sendable {
    public var flow: SealedFlow
    /// The loaded `enclave` key (`enclaveTest` for a test challenge) that signs the bundle.
    public var keyIdentifier: String
    public var issuer: String
    /// The workspace as clients of the flow name it.
    public var organization: String
    /// True for a challenge that nobody can win: its answer hides that nothing was sent.
    public var isDecoy: Bool
    /// True for the fixed code of a sandbox. Refused for a live challenge.
    public var usesSandboxCode: Bool

    public init(
        flow: SealedFlow, keyIdentifier: String, issuer: String, organization: String, isDecoy: Bool,
        usesSandboxCode: Bool
    ) {
        self.flow = flow
        self.keyIdentifier = keyIdentifier
        self.issuer = issuer
        self.organization = organization
        self.isDecoy = isDecoy
        self.usesSandboxCode = usesSandboxCode
    }
}
