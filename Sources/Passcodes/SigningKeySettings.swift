import EnclaveLink

/// How identity tokens are signed.
public struct SigningKeySettings: Equatable, Sendable {
    /// RSA-2048 is what the dialect's clients expect; it gives 112 bits of security, so 3072 bits and ES256 are
    /// settings (OWASP ASVS 5.0 11.2.3).
    public var algorithm: SigningAlgorithm
    /// Milliseconds after which a key that signs is replaced.
    public var rotation: Int64
    /// Whether the key of test tokens stands in the main key set: then a verifier there takes a test token for real.
    public var publishesTestKey: Bool

    public init(algorithm: SigningAlgorithm = .rs256With2048Bits, rotationDays: Int = 30, publishesTestKey: Bool) {
        self.algorithm = algorithm
        self.rotation = Int64(rotationDays) * 86_400_000
        self.publishesTestKey = publishesTestKey
    }
}
