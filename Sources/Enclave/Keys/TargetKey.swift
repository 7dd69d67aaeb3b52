import Crypto
import EnclaveLink
import SealedPasscodes

/// The P-256 key that the attempts at one challenge are sealed to. It lives as long as its challenge, sealed with it.
struct TargetKey: Sendable {
    /// 32 bytes.
    static let length = 32
    /// One draw in 2³² is out of range. So many in a row come from a generator that is broken.
    private static let draws = 8

    /// The private number, big-endian.
    let privateNumber: SecretBytes

    /// A fresh key and its public half: random numbers until one is in range (FIPS 186-5 §A.2.2), which takes
    /// swift-crypto a sixth of the time of its own generator.
    /// - Throws: `keyRefused` if the generator is broken.
    static func make(_ randomness: any RandomSource) throws(EnclaveError) -> (key: TargetKey, publicKey: P256PublicKey)
    {
        for _ in 0..<draws {
            var number = randomness.bytes(length)
            let key = TargetKey(privateNumber: SecretBytes(taking: &number))
            if let publicKey = try? P256PublicKey(key.agreementKey().publicKey) {
                return (key, publicKey)
            }
        }
        throw EnclaveError(.keyRefused)
    }

    /// The key as HPKE takes it; swift-crypto overwrites it when it is dropped.
    /// - Throws: `sealRefused` if the number is out of range.
    func agreementKey() throws(EnclaveError) -> P256.KeyAgreement.PrivateKey {
        do {
            return try privateNumber.withUnsafeBytes { try P256.KeyAgreement.PrivateKey(rawRepresentation: $0) }
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }
}
