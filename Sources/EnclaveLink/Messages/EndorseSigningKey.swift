/// Has one loaded key state, signed, that another loaded key of the same purpose succeeds it: a client that pins the
/// old one can follow.
public struct EndorseSigningKey: EnclaveRequest {
    public typealias Reply = KeyEndorsement
    public static let kind = RequestKind.endorseSigningKey

    public var purpose: SigningKeyPurpose
    public var signer: String
    public var successor: String
    public var issuer: String

    public init(purpose: SigningKeyPurpose, signer: String, successor: String, issuer: String) {
        self.purpose = purpose
        self.signer = signer
        self.successor = successor
        self.issuer = issuer
    }
}

/// A compact ES256 JWS of type `key-endorsement+jwt`; public.
public struct KeyEndorsement: Equatable, Sendable {
    public var statement: String
    public init(statement: String) { self.statement = statement }
}
