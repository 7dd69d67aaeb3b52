import Crypto
import EnclaveLink
import TransparencyLog

/// The one Ed25519 key that signs every log of the installation, each under the log's name. It is derived from the
/// master key, so that it is the same in every life of the process and written down nowhere.
///
/// Unchecked because swift-crypto's key is a value, never changed here, but not marked `Sendable`.
struct LogKey: @unchecked Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// - Throws: `keyRefused` if swift-crypto takes no such seed, which it does with any 32 bytes.
    init(masterKey: MasterKey) throws(EnclaveError) {
        let seed = masterKey.deriveKey("countersign log key v1")
        do {
            key = try seed.withUnsafeBytes { try Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
        } catch {
            throw EnclaveError(.keyRefused)
        }
    }

    /// 32 bytes.
    var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// Signs a text under a log's name.
    /// - Throws: `requestRefused` if the text cannot be a note, `keyRefused` if the key does not sign.
    func sign(_ text: String, of log: KeyName) throws(EnclaveError) -> String {
        do {
            return try NoteSigner(name: log, privateKey: key).sign(text).encoded
        } catch is LogError {
            throw EnclaveError(.requestRefused)
        } catch {
            throw EnclaveError(.keyRefused)
        }
    }

    /// The note of a checkpoint that this key has signed.
    /// - Throws: what `SignedNote` throws; for what ``made(_:of:)`` is true of, nothing.
    func note(_ signed: SignedHead, of log: KeyName) throws(LogError) -> SignedNote {
        let line = NoteSignature(
            name: log, keyID: try VerifierKey(name: log, publicKey: publicKey).id, bytes: signed.signature)
        return try SignedNote(text: Checkpoint(origin: log, head: signed.head).text, signatures: [line])
    }

    /// Whether this key signed the head's checkpoint of a log.
    func made(_ signed: SignedHead, of log: KeyName) -> Bool {
        let text = Checkpoint(origin: log, head: signed.head).text
        return key.publicKey.isValidSignature(signed.signature, for: Array(text.utf8))
    }
}
