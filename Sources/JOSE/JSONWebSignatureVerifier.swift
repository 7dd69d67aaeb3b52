/// Checks compact signatures against a key set and an allow-list of algorithms (RFC 7515 §5.2, RFC 8725 §3.1).
public struct JSONWebSignatureVerifier: Sendable {
    /// The longest text that is looked at, in bytes.
    public static let maximumLength = 64 * 1024

    /// A signature that was checked.
    public struct Verified: Sendable, Hashable {
        /// The protected header.
        public let header: JSONWebSignatureHeader
        /// The signed bytes.
        public let payload: [UInt8]
        /// The key that signed.
        public let key: JSONWebKey
    }

    private let keys: JSONWebKeySet
    private let algorithms: Set<SignatureAlgorithm>

    /// A verifier that takes signatures of `keys` by `algorithms` only.
    public init(keys: JSONWebKeySet, algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases)) {
        self.keys = keys
        self.algorithms = algorithms
    }

    /// The payload of `compact`, if its signature holds.
    ///
    /// The key is the one of the set that fits the header's `kid` and `alg`; nothing else in the header chooses it.
    /// - Throws: ``JOSEError``: `tooLarge`, `malformedSignature`, `notBase64URL`, what header reading throws,
    ///   `algorithmNotAllowed`, `unknownKey` or `signatureInvalid`.
    public func verify(_ compact: String) throws(JOSEError) -> Verified {
        guard compact.utf8.count <= Self.maximumLength else { throw JOSEError(.tooLarge) }
        let text = Array(compact.utf8)
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw JOSEError(.malformedSignature) }
        let header = try JSONWebSignatureHeader(json: Base64URL.decode(parts[0]))
        guard algorithms.contains(header.algorithm) else { throw JOSEError(.algorithmNotAllowed) }
        let payload = try Base64URL.decode(parts[1])
        let signature = try Base64URL.decode(parts[2])
        guard let key = keys.key(identifier: header.keyIdentifier, algorithm: header.algorithm) else {
            throw JOSEError(.unknownKey)
        }
        let signingInput = Array(text[..<parts[1].endIndex])
        guard key.isValidSignature(signature, for: signingInput) else { throw JOSEError(.signatureInvalid) }
        return Verified(header: header, payload: payload, key: key)
    }
}
