/// Compares a code. The enclave counts the attempt before it compares.
public struct AttemptChallenge: EnclaveRequest {
    public typealias Reply = AttemptOutcome
    public static let kind = RequestKind.attemptChallenge

    /// Nil where nothing was ever sent: the enclave then does the same work and answers `wrong`.
    public var challenge: SealedRecord?
    public var code: PresentedCode
    public var token: IdentityTokenRequest
    /// What the caller says the code is for. A right code whose challenge says otherwise is a wrong one.
    public var claims: ChallengeClaims?

    public init(
        challenge: SealedRecord?, code: PresentedCode, token: IdentityTokenRequest, claims: ChallengeClaims? = nil
    ) {
        self.challenge = challenge
        self.code = code
        self.token = token
        self.claims = claims
    }
}

/// A code as a caller presented it, right or wrong.
public struct PresentedCode: Equatable, Sendable, Redacted {
    /// At most 64 characters are compared; longer is always wrong.
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<presented code>" }
}

/// What an identity token says besides the contact, which comes from the sealed challenge.
public struct IdentityTokenRequest: Equatable, Sendable {
    public var issuer: String
    public var audience: String
    /// The loaded key that signs: an `identity` key for a live challenge, an `identityTest` key for a test one.
    public var keyIdentifier: String
    /// Seconds.
    public var lifetime: Int

    public init(issuer: String, audience: String, keyIdentifier: String, lifetime: Int) {
        self.issuer = issuer
        self.audience = audience
        self.keyIdentifier = keyIdentifier
        self.lifetime = lifetime
    }
}

public enum AttemptOutcome: Equatable, Sendable {
    /// Once per challenge, however many ask.
    case verified(identityToken: IdentityToken)
    case wrong
    /// The enclave's own count reached the limit.
    case locked
    case expired
    /// A correct code was accepted before.
    case spent
    /// Made by an enclave process that is gone.
    case madeBeforeBoot
}

/// A signed JWT. A bearer credential for 60 seconds, so its description hides it.
public struct IdentityToken: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<identity token>" }
}
