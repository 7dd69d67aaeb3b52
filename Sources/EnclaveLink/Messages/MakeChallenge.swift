/// Makes a code for a contact. Contact, channels, mode, lifetime and attempt limit are sealed with it, so that a
/// later request can neither redirect the code nor loosen its policy.
public struct MakeChallenge: EnclaveRequest {
    public typealias Reply = MadeChallenge
    public static let kind = RequestKind.makeChallenge

    public var workspace: String
    public var challenge: String
    public var mode: ChallengeMode
    public var contact: ContactAddress
    /// Over which the code may go out, in the order of the workspace's wish: 1…4 different ones that fit the contact.
    public var channels: [Channel]
    public var format: CodeFormat
    /// Seconds, 1…600 (NIST SP 800-63B: at most 10 minutes).
    public var lifetime: Int
    /// Wrong attempts after which the code is dead, 1…10.
    public var attemptLimit: Int
    /// Nil for a challenge whose attempts come in the clear.
    public var target: SealedTarget?
    /// What the token says besides the contact; nil for nothing.
    public var claims: ChallengeClaims?
    /// The code of a test recipient, 6 to 9 digits: for test challenges only. Whoever knows it proves nothing, and nobody
    /// is sent it.
    public var fixedCode: TestCode?

    public init(
        workspace: String, challenge: String, mode: ChallengeMode, contact: ContactAddress,
        channels: [Channel], format: CodeFormat, lifetime: Int, attemptLimit: Int, target: SealedTarget? = nil,
        claims: ChallengeClaims? = nil, fixedCode: TestCode? = nil
    ) {
        self.workspace = workspace
        self.challenge = challenge
        self.mode = mode
        self.contact = contact
        self.channels = channels
        self.format = format
        self.lifetime = lifetime
        self.attemptLimit = attemptLimit
        self.target = target
        self.claims = claims
        self.fixedCode = fixedCode
    }
}

public struct MadeChallenge: Equatable, Sendable {
    public var sealed: [UInt8]
    /// The enclave's clock, Unix milliseconds.
    public var createdAt: Int64
    public var expiresAt: Int64
    /// Only for a test challenge.
    public var testCode: TestCode?
    /// The signed target key, in the spelling of its flow; nil for a challenge that is not sealed.
    public var targetBundle: String?

    public init(sealed: [UInt8], createdAt: Int64, expiresAt: Int64, testCode: TestCode?, targetBundle: String? = nil) {
        self.sealed = sealed
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.testCode = testCode
        self.targetBundle = targetBundle
    }
}
