import Crypto
import SealedPasscodes
import Testing

@Suite("Sealed attempts")
struct SealedAttemptTests {
    @Test("an attempt opens with the key that it was sealed to, and says code and client key")
    func roundTrip() throws {
        let target = P256.KeyAgreement.PrivateKey()
        let client = try P256PublicKey(point: Array(P256.Signing.PrivateKey().publicKey.x963Representation))
        let sealed = try SealedAttempt.seal(
            AttemptContent(code: "123456", publicKey: client),
            to: P256PublicKey(point: Array(target.publicKey.x963Representation)))
        let opened = try SealedAttempt(bundle: sealed.bundle).open(with: target)
        #expect(opened.code == "123456")
        #expect(opened.publicKey == client)
        #expect(throws: SealedPasscodeError(.notOpened)) { try sealed.open(with: P256.KeyAgreement.PrivateKey()) }
    }
}
