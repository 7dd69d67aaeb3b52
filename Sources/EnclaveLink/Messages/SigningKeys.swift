/// What a signing key is for. One key has one purpose (RFC 8725 §3.8), and the purpose is sealed with it.
public enum SigningKeyPurpose: String, CaseIterable, Hashable, Sendable, Codable {
    /// Identity tokens of live challenges.
    case identity
    /// Identity tokens of test challenges.
    case identityTest
    /// The enclave's own P-256 key, which clients pin.
    case enclave
    /// The same for test challenges and sandboxes; no live verifier trusts it.
    case enclaveTest
    /// Sessions of the Turnkey dialect, with their double hash.
    case notary
    case notaryTest
    /// Our own verification and session tokens, in the key set; their `typ` tells them apart.
    case session
    case sessionTest
    /// Permissions' tokens in their signed form, in the key set.
    case permission
    case permissionTest
}

extension SigningKeyPurpose {
    public static func identity(_ mode: ChallengeMode) -> Self { mode == .live ? .identity : .identityTest }
    public static func enclave(_ mode: ChallengeMode) -> Self { mode == .live ? .enclave : .enclaveTest }
    public static func notary(_ mode: ChallengeMode) -> Self { mode == .live ? .notary : .notaryTest }
    public static func session(_ mode: ChallengeMode) -> Self { mode == .live ? .session : .sessionTest }
    public static func permission(_ mode: ChallengeMode) -> Self { mode == .live ? .permission : .permissionTest }
}

public enum SigningAlgorithm: String, CaseIterable, Hashable, Sendable, Codable {
    case rs256With2048Bits, rs256With3072Bits, es256
}

/// Makes a signing key inside the enclave. The private half leaves it sealed only.
public struct CreateSigningKey: EnclaveRequest {
    public typealias Reply = CreatedSigningKey
    public static let kind = RequestKind.createSigningKey

    public var purpose: SigningKeyPurpose
    public var algorithm: SigningAlgorithm
    /// Finding the primes of an RSA key takes as long as chance wants.
    public var timeLimit: Int { 30_000 }

    public init(purpose: SigningKeyPurpose, algorithm: SigningAlgorithm) {
        self.purpose = purpose
        self.algorithm = algorithm
    }
}

public struct CreatedSigningKey: Equatable, Sendable {
    /// The RFC 7638 thumbprint, which is the `kid`.
    public var keyIdentifier: String
    /// The public key as a JWK in JSON, with `kid`, `alg` and `use`.
    public var publicKey: String
    /// For P-256 keys the uncompressed point, 65 bytes; empty for RSA.
    public var publicPoint: [UInt8]
    public var sealed: [UInt8]

    public init(keyIdentifier: String, publicKey: String, publicPoint: [UInt8], sealed: [UInt8]) {
        self.keyIdentifier = keyIdentifier
        self.publicKey = publicKey
        self.publicPoint = publicPoint
        self.sealed = sealed
    }
}

/// Hands a sealed signing key back to the enclave after a start. Loading a key twice is no error.
public struct LoadSigningKey: EnclaveRequest {
    public typealias Reply = Loaded
    public static let kind = RequestKind.loadSigningKey

    public var purpose: SigningKeyPurpose
    public var keyIdentifier: String
    public var sealed: [UInt8]

    public init(purpose: SigningKeyPurpose, keyIdentifier: String, sealed: [UInt8]) {
        self.purpose = purpose
        self.keyIdentifier = keyIdentifier
        self.sealed = sealed
    }
}

public struct Loaded: Equatable, Sendable {
    public init() {}
}

/// Drops a key that signs no more.
public struct ForgetSigningKey: EnclaveRequest {
    public typealias Reply = Loaded
    public static let kind = RequestKind.forgetSigningKey

    public var keyIdentifier: String
    public init(keyIdentifier: String) { self.keyIdentifier = keyIdentifier }
}
