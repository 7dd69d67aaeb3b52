/// How a message reaches a person.
public enum Channel: String, CaseIterable, Hashable, Sendable, Codable {
    case email, sms, voice, whatsapp
}

/// A live challenge is delivered and answers with a token that the world trusts; a test challenge is neither
/// delivered nor trusted outside test.
public enum ChallengeMode: String, CaseIterable, Hashable, Sendable, Codable {
    case live, test
}

/// Whom a challenge is for: an E.164 number or an e-mail address, already normalised.
public struct ContactAddress: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable { case phone, email }
    public let kind: Kind
    public let value: String

    public init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }
}

/// Which characters a code is made of.
public enum CodeAlphabet: String, CaseIterable, Hashable, Sendable, Codable {
    case digits
    /// Crockford's Base32: no `I L O U`; compared without regard to case, `I L` read as `1` and `O` as `0`.
    case base32
}

/// The shape of a code: 6 to 9 characters.
public struct CodeFormat: Hashable, Sendable {
    public static let lengths = 6...9

    public let alphabet: CodeAlphabet
    public let length: Int

    public init(alphabet: CodeAlphabet, length: Int) {
        self.alphabet = alphabet
        self.length = length
    }
}

/// A sealed blob's place: it opens only for the workspace and record that it was made for.
public struct SealedRecord: Hashable, Sendable {
    public let workspace: String
    public let record: String
    public let sealed: [UInt8]

    public init(workspace: String, record: String, sealed: [UInt8]) {
        self.workspace = workspace
        self.record = record
        self.sealed = sealed
    }
}

/// Makes a code for a contact. Contact, channel, mode, lifetime and attempt limit are sealed with it, so that a
/// later request can neither redirect the code nor loosen its policy.
public struct MakeChallenge: EnclaveRequest {
    public typealias Reply = MadeChallenge
    public static let kind = RequestKind.makeChallenge

    public var workspace: String
    public var challenge: String
    public var mode: ChallengeMode
    public var contact: ContactAddress
    public var channel: Channel
    public var format: CodeFormat
    /// Seconds, 1…600 (NIST SP 800-63B: at most 10 minutes).
    public var lifetime: Int
    /// Wrong attempts after which the code is dead, 1…10.
    public var attemptLimit: Int

    public init(
        workspace: String, challenge: String, mode: ChallengeMode, contact: ContactAddress, channel: Channel,
        format: CodeFormat, lifetime: Int, attemptLimit: Int
    ) {
        self.workspace = workspace
        self.challenge = challenge
        self.mode = mode
        self.contact = contact
        self.channel = channel
        self.format = format
        self.lifetime = lifetime
        self.attemptLimit = attemptLimit
    }
}

public struct MadeChallenge: Equatable, Sendable {
    public var sealed: [UInt8]
    /// The enclave's clock, Unix milliseconds.
    public var createdAt: Int64
    public var expiresAt: Int64
    /// Only for a test challenge.
    public var testCode: TestCode?

    public init(sealed: [UInt8], createdAt: Int64, expiresAt: Int64, testCode: TestCode?) {
        self.sealed = sealed
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.testCode = testCode
    }
}

/// The code of a test challenge, the only code that leaves the enclave in the clear.
public struct TestCode: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<test code>" }
}

/// Reads a test challenge's code again, for a resend or a replayed request. Refused for a live challenge.
public struct RevealTestCode: EnclaveRequest {
    public typealias Reply = TestCode
    public static let kind = RequestKind.revealTestCode

    public var challenge: SealedRecord
    public init(challenge: SealedRecord) { self.challenge = challenge }
}

/// Sends a live challenge's code to the contact sealed in it, over the channel sealed in it.
public struct DeliverChallenge: EnclaveRequest {
    public typealias Reply = DeliveryOutcome
    public static let kind = RequestKind.deliverChallenge

    public var challenge: SealedRecord
    public var wording: MessageWording
    /// Milliseconds until the attempt is given up, waiting for a free worker included.
    public var deadline: Int
    /// A second more than the enclave has, so that its own answer arrives first.
    public var timeLimit: Int { min(max(deadline, 0), 600_000) + 1000 }

    public init(challenge: SealedRecord, wording: MessageWording, deadline: Int) {
        self.challenge = challenge
        self.wording = wording
        self.deadline = deadline
    }
}

/// What a message may say besides the code.
public struct MessageWording: Equatable, Sendable {
    /// The application's name, shown in the message.
    public var application: String
    /// The domain of the origin-bound last line `@example.com #123456`, if the workspace names one.
    public var domain: String?
    public var codeInSubject: Bool
    /// Minutes shown as the code's remaining life, rounded.
    public var validMinutes: Int

    public init(application: String, domain: String?, codeInSubject: Bool, validMinutes: Int) {
        self.application = application
        self.domain = domain
        self.codeInSubject = codeInSubject
        self.validMinutes = validMinutes
    }
}

public enum DeliveryOutcome: Equatable, Sendable {
    /// The provider (or the inbox) took the message.
    case accepted(provider: String)
    case failed(DeliveryFailure)
}

public struct DeliveryFailure: Equatable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        case unreachable, certificateRefused, authenticationRefused, recipientRefused, messageRefused, timedOut, busy
        case inboxUnavailable, protocolError
        /// The challenge was made before this enclave's boot, or is no longer alive.
        case challengeNotAlive
    }
    public var provider: String
    public var reason: Reason
    /// The provider's own status code (SMTP reply, HTTP status), 0 if there was none.
    public var providerStatus: Int
    /// True if the whole message was handed over, so that it may arrive although no acceptance was seen.
    public var mayHaveArrived: Bool

    public init(provider: String, reason: Reason, providerStatus: Int, mayHaveArrived: Bool) {
        self.provider = provider
        self.reason = reason
        self.providerStatus = providerStatus
        self.mayHaveArrived = mayHaveArrived
    }
}

/// Compares a code. The enclave counts the attempt before it compares.
public struct AttemptChallenge: EnclaveRequest {
    public typealias Reply = AttemptOutcome
    public static let kind = RequestKind.attemptChallenge

    /// Nil where nothing was ever sent: the enclave then does the same work and answers `wrong`.
    public var challenge: SealedRecord?
    public var code: PresentedCode
    public var token: IdentityTokenRequest

    public init(challenge: SealedRecord?, code: PresentedCode, token: IdentityTokenRequest) {
        self.challenge = challenge
        self.code = code
        self.token = token
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
