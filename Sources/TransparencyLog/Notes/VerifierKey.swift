import Crypto
import Encodings

/// A public key of signed notes with its name: `<name>+<key id>+<base64(type || public key)>`, a vkey.
public struct VerifierKey: Hashable, Sendable {
    /// What a signature covers, by the number that signed-note gives it.
    public enum Algorithm: UInt8, Sendable, CaseIterable {
        /// Ed25519 over the note's text.
        case ed25519 = 1
        /// A witness's Ed25519 over the time and the note's text; see ``Cosignature``.
        case cosignature = 4
    }

    /// Who signs.
    public let name: KeyName
    /// What a signature covers.
    public let algorithm: Algorithm
    /// The 32 bytes of the Ed25519 public key (RFC 8032 §5.1.5).
    public let publicKey: [UInt8]
    /// The first four bytes of `SHA-256(name || "\n" || type || public key)`, as a big-endian number.
    public let id: UInt32

    /// The key of these parts.
    /// - Throws: ``LogError`` with `badKey` unless the public key has 32 bytes.
    public init(name: KeyName, algorithm: Algorithm = .ed25519, publicKey: [UInt8]) throws(LogError) {
        guard publicKey.count == 32 else { throw LogError(.badKey, "A verifier key has 32 bytes of Ed25519.") }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        var hasher = SHA256()
        hasher.update(data: Array(name.text.utf8) + [UInt8(ascii: "\n"), algorithm.rawValue] + publicKey)
        id = UInt32(bigEndianBytes: hasher.finalize().prefix(4))
    }

    /// The key that `vkey` spells.
    /// - Throws: ``LogError`` with `badKey` for another form, an unknown type, or an id that is not the key's.
    public init(parsing vkey: String) throws(LogError) {
        let parts = vkey.unicodeScalars.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let key = Base64.decode(String(parts[2])), let type = key.first,
            let algorithm = Algorithm(rawValue: type)
        else { throw LogError(.badKey, "A verifier key is <name>+<key id>+<key>.") }
        try self.init(
            name: KeyName(String(parts[0])), algorithm: algorithm, publicKey: Array(key.dropFirst()))
        guard String(parts[1]) == idText else { throw LogError(.badKey, "The key's id is not that of the key.") }
    }

    /// As it is published: `<name>+<8 hexadecimal digits>+<base64>`.
    public var text: String { "\(name)+\(idText)+\(Base64.encode([algorithm.rawValue] + publicKey))" }

    private var idText: String { Hexadecimal.encode(id.bigEndianBytes) }

    /// Whether it made `signature` for a note of `text`.
    func made(_ signature: NoteSignature, for text: String) -> Bool {
        switch algorithm {
        case .ed25519: isValid(signature.bytes, for: Array(text.utf8))
        case .cosignature:
            Cosignature(signature).map { isValid($0.signature, for: $0.message(for: text)) } ?? false
        }
    }

    private func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
