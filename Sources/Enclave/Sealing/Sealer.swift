import Crypto
import EnclaveLink
import SealedPasscodes

/// Seals what must last outside the enclave: AES-256-GCM under a key made for this one blob.
///
/// Version 1 is: one byte 1, 16 random bytes, the ciphertext, 16 bytes of tag. The key comes from the master key, the
/// place and the random bytes, through HKDF-SHA256; the place is authenticated as well. A key per blob, because random
/// 96-bit nonces under one key are safe for 2³² messages only (NIST SP 800-38D §8.3). A key that seals one message
/// needs no random nonce: it is zero.
struct Sealer: Sendable {
    static let version: UInt8 = 1
    static let uniqueLength = 16
    static let tagLength = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    let masterKey: MasterKey
    let randomness: any RandomSource

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func seal(_ content: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let unique = randomness.bytes(Self.uniqueLength)
        do {
            let box = try AES.GCM.seal(
                content, using: key(for: place, unique), nonce: AES.GCM.Nonce(data: Self.nonce),
                authenticating: Self.context(place))
            return [Self.version] + unique + box.ciphertext + box.tag
        } catch {
            throw EnclaveError(.requestRefused)
        }
    }

    /// - Throws: `sealRefused` if the blob was made for another place, under another master key, or was changed.
    func open(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let head = 1 + Self.uniqueLength
        guard sealed.count >= head + Self.tagLength, sealed[0] == Self.version else { throw EnclaveError(.sealRefused) }
        do {
            let key = key(for: place, Array(sealed[1..<head]))
            let end = sealed.count - Self.tagLength
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: Self.nonce), ciphertext: sealed[head..<end], tag: sealed[end...])
            var content = try AES.GCM.open(box, using: key, authenticating: Self.context(place))
            defer { content.withUnsafeMutableBytes { $0.wipe() } }
            return Array(content)
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }

    private func key(for place: SealedPlace, _ unique: [UInt8]) -> SymmetricKey {
        masterKey.deriveKey(place.purpose, context: [place.workspace, place.record], unique: unique)
    }

    private static func context(_ place: SealedPlace) -> [UInt8] {
        [version] + CountedText.join([place.purpose, place.workspace, place.record])
    }
}
