import Crypto

/// Signs notes in a name. It holds a private key: it exists where the key may be, and nowhere else.
///
/// Unchecked because swift-crypto's keys are immutable values that are not marked `Sendable`.
public struct NoteSigner: @unchecked Sendable {
    private let privateKey: Curve25519.Signing.PrivateKey

    /// The public key with the name.
    public let verifierKey: VerifierKey

    /// The signer of this name and key.
    /// - Throws: ``LogError`` with `badKey`, which no key of swift-crypto makes it do.
    public init(name: KeyName, privateKey: Curve25519.Signing.PrivateKey) throws(LogError) {
        self.privateKey = privateKey
        verifierKey = try VerifierKey(name: name, publicKey: Array(privateKey.publicKey.rawRepresentation))
    }

    /// The note of `text` with one signature.
    /// - Throws: ``LogError`` with `badNote` for a text that cannot be one; what the signing itself throws.
    public func sign(_ text: String) throws -> SignedNote {
        let signature = try privateKey.signature(for: Array(text.utf8))
        let line = NoteSignature(name: verifierKey.name, keyID: verifierKey.id, bytes: Array(signature))
        return try SignedNote(text: text, signatures: [line])
    }
}

extension NoteSigner: CustomStringConvertible, CustomReflectable {
    public var description: String { "NoteSigner(\(verifierKey.text))" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
