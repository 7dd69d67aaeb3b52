import EnclaveLink
import SealedPasscodes

/// A sealed attempt at a challenge.
public struct SealedAttemptRequest: Sendable {
    public var challenge: String
    public var flow: SealedFlow
    public var purpose = PasscodePurpose.verification
    public var attempt: SealedAttempt
    /// Seconds that the verification token shall live; nil for the workspace's setting.
    public var tokenLifetime: Int?

    public init(challenge: String, flow: SealedFlow, attempt: SealedAttempt, tokenLifetime: Int? = nil) {
        self.challenge = challenge
        self.flow = flow
        self.attempt = attempt
        self.tokenLifetime = tokenLifetime
    }
}

/// What a right code is worth.
public struct Verification: Sendable {
    public let token: VerificationToken
    /// Unix milliseconds.
    public let expiresAt: Int64
}
