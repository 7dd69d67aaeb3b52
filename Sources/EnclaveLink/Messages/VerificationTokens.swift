import SealedPasscodes

/// Checks a verification token that this enclave signed and, where a message comes along, that the token's key signed it.
public struct CheckVerificationToken: EnclaveRequest {
    public typealias Reply = VerificationTokenFinding
    public static let kind = RequestKind.checkVerificationToken

    public var token: VerificationToken
    public var scope: TokenScope
    /// A sign-up's message, nil for a look-up.
    public var signUp: SignedMessage?

    public init(token: VerificationToken, scope: TokenScope, signUp: SignedMessage?) {
        self.token = token
        self.scope = scope
        self.signUp = signUp
    }
}

/// Where a token must have been made to count.
public struct TokenScope: Equatable, Sendable {
    public var workspace: String
    public var flow: SealedFlow
    public var mode: ChallengeMode
    public var issuer: String
    public var organization: String

    public init(workspace: String, flow: SealedFlow, mode: ChallengeMode, issuer: String, organization: String) {
        self.workspace = workspace
        self.flow = flow
        self.mode = mode
        self.issuer = issuer
        self.organization = organization
    }
}

/// A message with the signature that a client made over its exact bytes.
public struct SignedMessage: Equatable, Sendable {
    public enum Encoding: String, CaseIterable, Sendable {
        /// r‖s, 64 bytes.
        case raw
        case der
    }

    /// The key that the client says it signed with.
    public var key: P256PublicKey
    public var message: [UInt8]
    public var signature: [UInt8]
    public var encoding: Encoding

    public init(key: P256PublicKey, message: [UInt8], signature: [UInt8], encoding: Encoding) {
        self.key = key
        self.message = message
        self.signature = signature
        self.encoding = encoding
    }

    /// ECDSA P-256 with SHA-256 over the received bytes.
    public var isSigned: Bool {
        switch encoding {
        case .raw: key.isValidSignature(raw: signature, for: message)
        case .der: key.isValidSignature(der: signature, for: message)
        }
    }
}

/// What a token that holds says.
public struct VerifiedClient: Equatable, Sendable {
    public var token: String
    public var contact: ContactAddress
    public var key: P256PublicKey
    /// Unix milliseconds.
    public var expiresAt: Int64

    public init(token: String, contact: ContactAddress, key: P256PublicKey, expiresAt: Int64) {
        self.token = token
        self.contact = contact
        self.key = key
        self.expiresAt = expiresAt
    }
}

public enum VerificationTokenFinding: Equatable, Sendable {
    case good(VerifiedClient)
    case refused(TokenFault)
}

/// Why a token or the proof beside it does not count.
public enum TokenFault: String, Error, CaseIterable, Equatable, Sendable {
    /// Not a verification token of this flow.
    case tokenMalformed
    /// Not signed by a key of this enclave for this flow and mode.
    case tokenSignature
    case tokenExpired
    /// Of another workspace or organization.
    case tokenForeign
    /// The proof is by another key than the token's.
    case otherKey
    case proofMalformed
    case proofSignature
    /// The proof is for another token, use, session key or address.
    case proofForeign
    case proofExpired
}
