import SealedPasscodes

/// Signs a session, after the enclave itself has checked the verification token and the proof by the token's key.
public struct SignSession: EnclaveRequest {
    public typealias Reply = SessionFinding
    public static let kind = RequestKind.signSession
    /// Seconds a session may live: 30 days at most.
    public static let lifetimes = 1...2_592_000

    public var token: VerificationToken
    public var scope: TokenScope
    public var proof: LoginProof
    /// The key that the session belongs to: in our own flow the token's key itself.
    public var sessionKey: P256PublicKey
    public var user: String
    public var session: String
    /// Seconds, within `lifetimes`.
    public var lifetime: Int
    /// The loaded key that signs: `notary` in the Turnkey flow, `session` in ours, and their test twins.
    public var keyIdentifier: String

    public init(
        token: VerificationToken, scope: TokenScope, proof: LoginProof, sessionKey: P256PublicKey, user: String,
        session: String, lifetime: Int, keyIdentifier: String
    ) {
        self.token = token
        self.scope = scope
        self.proof = proof
        self.sessionKey = sessionKey
        self.user = user
        self.session = session
        self.lifetime = lifetime
        self.keyIdentifier = keyIdentifier
    }
}

/// How a client shows, at login, that it holds the verification token's key.
public enum LoginProof: Equatable, Sendable {
    /// `{"login":{"publicKey"},"tokenId","type":"USAGE_TYPE_LOGIN"}`, signed.
    case message(SignedMessage)
    /// The login activity's whole body, signed; its `parameters.publicKey` is the session key.
    case stampedBody(SignedMessage)
    /// A DPoP proof for a request to one of `addresses`; its `ath` names the verification token (RFC 9449 §4.2).
    case possession(String, method: String, addresses: [String])
}

public enum SessionFinding: Equatable, Sendable {
    case signed(SessionToken, VerifiedClient, expiresAt: Int64)
    case refused(TokenFault)
}

/// A signed session. Worth nothing without the session key, and still not shown.
public struct SessionToken: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<session token>" }
}
