import SealedPasscodes

/// Opens and compares a sealed attempt. The enclave counts it before it opens it.
public struct AttemptSealedChallenge: EnclaveRequest {
    public typealias Reply = SealedAttemptOutcome
    public static let kind = RequestKind.attemptSealedChallenge

    public var challenge: SealedRecord
    /// Must be the flow that the challenge was made for.
    public var flow: SealedFlow
    public var attempt: SealedAttempt
    public var token: VerificationTokenRequest

    public init(
        challenge: SealedRecord, flow: SealedFlow, attempt: SealedAttempt, token: VerificationTokenRequest
    ) {
        self.challenge = challenge
        self.flow = flow
        self.attempt = attempt
        self.token = token
    }
}

/// What a verification token says besides contact and client key, which come from the sealed challenge and the
/// sealed attempt.
public struct VerificationTokenRequest: Equatable, Sendable {
    /// Seconds a token may live: a day at most.
    public static let lifetimes = 1...86_400

    /// The token's own name, under which its uses are counted.
    public var identifier: String
    /// The loaded key that signs: `enclave` in the Turnkey flow, `session` in ours, and their test twins.
    public var keyIdentifier: String
    public var issuer: String
    public var organization: String
    /// Seconds, within `lifetimes`.
    public var lifetime: Int

    public init(identifier: String, keyIdentifier: String, issuer: String, organization: String, lifetime: Int) {
        self.identifier = identifier
        self.keyIdentifier = keyIdentifier
        self.issuer = issuer
        self.organization = organization
        self.lifetime = lifetime
    }
}

public enum SealedAttemptOutcome: Equatable, Sendable {
    /// Once per challenge, however many ask.
    case verified(VerificationToken, expiresAt: Int64)
    case wrong
    /// The ciphertext was not sealed to this challenge's key.
    case notOpened
    /// What was sealed is no code and key.
    case malformedContent
    /// The client's key is no point of P-256.
    case malformedKey
    /// The client's key is uncompressed where 33 bytes are due.
    case uncompressedKey
    case locked
    case expired
    case spent
    case madeBeforeBoot
}

/// A signed statement that the holder of a client key also holds a contact. Worth nothing without that key, and still
/// not shown.
public struct VerificationToken: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<verification token>" }
}
