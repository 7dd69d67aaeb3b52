import Crypto
import _CryptoExtras

extension JSONWebKey {
    /// Whether `signature` is this key's signature over `message`.
    ///
    /// RSA: PKCS #1 v1.5 with SHA-256, exactly as long as the modulus (RFC 8017 §8.2.2). P-256: r‖s in exactly 64
    /// bytes (RFC 7518 §3.4); the DER form is refused.
    public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        switch material {
        case .rsa(let modulus, let exponent):
            return Self.verifyRSA(signature, message, modulus: modulus, exponent: exponent)
        case .p256(let x, let y):
            return Self.verifyP256(signature, message, point: x + y)
        }
    }

    private static func verifyRSA(
        _ signature: [UInt8], _ message: [UInt8], modulus: [UInt8], exponent: [UInt8]
    ) -> Bool {
        let encoded = DER.rsaPublicKey(modulus: modulus, exponent: exponent)
        guard signature.count == modulus.count,
            let key = try? _RSA.Signing.PublicKey(derRepresentation: encoded)
        else { return false }
        // RS256 is this padding by definition; the name in swift-crypto warns of choosing it anew.
        return key.isValidSignature(
            .init(rawRepresentation: signature), for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
    }

    private static func verifyP256(_ signature: [UInt8], _ message: [UInt8], point: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? P256.Signing.PublicKey(rawRepresentation: point),
            let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(parsed, for: SHA256.hash(data: message))
    }
}
