import Crypto
import EnclaveLink
import Foundation
import JOSE
import SealedPasscodes

/// A person's browser or app: holds a key, seals attempts with it and signs what it asks for.
struct SealedClient: Sendable {
    private let privateKey: [UInt8]
    let key: P256PublicKey

    init() throws {
        let key = P256.Signing.PrivateKey()
        privateKey = Array(key.rawRepresentation)
        self.key = try P256PublicKey(point: Array(key.publicKey.x963Representation))
    }

    func seal(_ code: String, to target: P256PublicKey) throws -> SealedAttempt {
        try SealedAttempt.seal(AttemptContent(code: code, publicKey: key), to: target)
    }

    /// Seals any text to a target key.
    static func seal(_ content: String, to target: P256PublicKey) throws -> SealedAttempt {
        let key = try P256.KeyAgreement.PublicKey(x963Representation: target.uncompressed)
        var sender = try HPKE.Sender(
            recipientKey: key, ciphersuite: .P256_SHA256_AES_GCM_256, info: Data(SealedAttempt.information.utf8))
        let encapsulated = Array(sender.encapsulatedKey)
        let ciphertext = try sender.seal(
            Data(content.utf8), authenticating: Data(encapsulated + target.uncompressed))
        return try SealedAttempt(encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
    }

    func raw(_ message: [UInt8]) throws -> [UInt8] { Array(try signature(message).rawRepresentation) }
    func der(_ message: [UInt8]) throws -> [UInt8] { Array(try signature(message).derRepresentation) }

    func message(_ text: String) throws -> SignedMessage {
        let bytes = Array(text.utf8)
        return SignedMessage(key: key, message: bytes, signature: try raw(bytes), encoding: .raw)
    }

    func stamped(_ text: String) throws -> SignedMessage {
        let bytes = Array(text.utf8)
        return SignedMessage(key: key, message: bytes, signature: try der(bytes), encoding: .der)
    }

    /// A DPoP proof.
    func proof(
        method: String = "POST", address: String, token: String?, at seconds: Int64, identifier: String = "proof-1"
    ) throws -> String {
        let input = PossessionProof.signingInput(
            key: key, method: method, address: address, token: token, identifier: identifier, issuedAt: seconds)
        return JSONWebSignature.assemble(signingInput: input, signature: try raw(input))
    }

    private func signature(_ message: [UInt8]) throws -> P256.Signing.ECDSASignature {
        try P256.Signing.PrivateKey(rawRepresentation: privateKey).signature(for: SHA256.hash(data: message))
    }
}
