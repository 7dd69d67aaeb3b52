import Crypto
import EnclaveLink
import SealedPasscodes

/// The P-256 key that the attempts at one challenge are sealed to. It lives as long as its challenge, sealed with it.
struct TargetKey: Sendable {
    /// The private number, 32 bytes.
    let privateNumber: SecretBytes

    init(privateNumber: SecretBytes) { self.privateNumber = privateNumber }

    /// A fresh key and its public half.
    /// - Throws: `keyRefused` if the generator gives no point of the curve.
    static func make() throws(EnclaveError) -> (key: TargetKey, publicKey: P256PublicKey) {
        let key = P256.KeyAgreement.PrivateKey(compactRepresentable: false)
        var number = Array(key.rawRepresentation)
        do {
            let publicKey = try P256PublicKey(point: Array(key.publicKey.x963Representation))
            return (TargetKey(privateNumber: SecretBytes(taking: &number)), publicKey)
        } catch {
            throw EnclaveError(.keyRefused)
        }
    }

    /// The key as HPKE takes it; swift-crypto overwrites it when it is dropped.
    /// - Throws: `sealRefused` if the number is no private key.
    func agreementKey() throws(EnclaveError) -> P256.KeyAgreement.PrivateKey {
        do {
            return try privateNumber.withUnsafeBytes { try P256.KeyAgreement.PrivateKey(rawRepresentation: $0) }
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }
}
