import Crypto
import FoundationEssentials
import SealedPasscodes

/// Seals whatever text a test likes, as no honest client would.
enum SealedText {
    static func seal(_ text: String, to target: P256PublicKey) throws -> SealedAttempt {
        var sender = try HPKE.Sender(
            recipientKey: P256.KeyAgreement.PublicKey(x963Representation: target.uncompressed),
            ciphersuite: .P256_SHA256_AES_GCM_256, info: Data(SealedAttempt.information.utf8))
        let encapsulated = Array(sender.encapsulatedKey)
        let ciphertext = try sender.seal(Data(text.utf8), authenticating: Data(encapsulated + target.uncompressed))
        return try SealedAttempt(
            encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
    }
}
