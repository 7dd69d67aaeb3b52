import Encodings
import EnclaveLink
import Passcodes
import SealedPasscodes

extension WireObject {
    /// A compressed public key, 66 hexadecimal digits.
    func publicKey(_ member: String) throws(TurnkeyError) -> P256PublicKey {
        let text = try text(member)
        do {
            return try P256PublicKey(compressedHexadecimal: text)
        } catch {
            throw TurnkeyError(error, in: name(member))
        }
    }

    /// A sealed attempt, as a JSON text in a string.
    func attempt(_ member: String) throws(TurnkeyError) -> SealedAttempt {
        let text = try text(member)
        do {
            return try SealedAttempt(bundle: text)
        } catch {
            throw TurnkeyError(error, in: name(member))
        }
    }

    func verificationToken(_ member: String) throws(TurnkeyError) -> VerificationToken {
        VerificationToken(try text(member))
    }

    /// A message that the verification token's key signed: r‖s in 128 hexadecimal digits over the message's bytes.
    func clientSignature(_ member: String) throws(TurnkeyError) -> SignedMessage {
        let object = try object(member)
        guard try object.text("scheme") == "CLIENT_SIGNATURE_SCHEME_API_P256" else {
            throw .invalid(object.name("scheme"), "must be CLIENT_SIGNATURE_SCHEME_API_P256")
        }
        guard let signature = Hexadecimal.decode(try object.text("signature")), signature.count == 64 else {
            throw TurnkeyError(
                .invalidArgument, .clientSignatureMalformed,
                "\(object.name("signature")) must be r and s, 128 hexadecimal digits")
        }
        return SignedMessage(
            key: try object.publicKey("publicKey"),
            message: Array(try object.text("message", lengths: 1...16_384).utf8),
            signature: signature, encoding: .raw)
    }

    func contact(_ member: String) throws -> Contact { try Contact(try text(member, lengths: 1...320)) }
}
