import EnclaveLink
import SealedPasscodes

/// A person's session: everything that is done in it is signed by the session's key.
public struct Session: Equatable, Sendable {
    public var workspace: String
    /// `se_` and 20 random characters.
    public var id: String
    public var flow: SealedFlow
    public var user: User
    public var key: P256PublicKey
    /// Unix milliseconds, as all times here.
    public var createdAt: Int64
    public var expiresAt: Int64
}

/// A session that was just opened.
public struct OpenedSession: Sendable {
    public let session: Session
    public let token: SessionToken
    /// True where the login made the user.
    public let isNewUser: Bool
}

/// A wish to log in with a verification token.
public struct LoginWish: Sendable {
    public var token: VerificationToken
    public var flow: SealedFlow
    public var proof: LoginProof
    public var sessionKey: P256PublicKey
    /// Seconds; nil for the workspace's setting.
    public var lifetime: Int?
    /// Ends the user's other sessions.
    public var invalidatesExisting: Bool
    /// Makes the user where the contact has none yet.
    public var signsUp: Bool

    public init(
        token: VerificationToken, flow: SealedFlow, proof: LoginProof, sessionKey: P256PublicKey, lifetime: Int?,
        invalidatesExisting: Bool, signsUp: Bool
    ) {
        self.token = token
        self.flow = flow
        self.proof = proof
        self.sessionKey = sessionKey
        self.lifetime = lifetime
        self.invalidatesExisting = invalidatesExisting
        self.signsUp = signsUp
    }
}
