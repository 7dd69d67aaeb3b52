import Crypto
import EnclaveLink

/// Seals what must last outside the enclave: AES-256-GCM under a key made for this one blob.
///
/// Version 1 is: one byte 1, 16 random bytes of salt, the ciphertext, 16 bytes of tag. Key and nonce come from
/// HKDF-SHA256 over the master key with that salt and the place as info; the place is authenticated as well. A key
/// per blob, because random 96-bit nonces under one key are safe for 2³² messages only (NIST SP 800-38D §8.3).
struct Sealer: Sendable {
    static let version: UInt8 = 1
    static let saltLength = 16
    static let tagLength = 16
    private static let keyLength = 32
    private static let nonceLength = 12

    let masterKey: MasterKey
    let randomness: any RandomSource

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func seal(_ content: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let salt = randomness.bytes(Self.saltLength)
        do {
            let (key, nonce) = try cipherInput(salt: salt, place: place)
            let box = try AES.GCM.seal(content, using: key, nonce: nonce, authenticating: Self.context(place))
            return [Self.version] + salt + box.ciphertext + box.tag
        } catch {
            throw EnclaveError(.requestRefused)
        }
    }

    /// - Throws: `sealRefused` if the blob was made for another place, under another master key, or was changed.
    func open(_ sealed: [UInt8], for place: SealedPlace) throws(EnclaveError) -> [UInt8] {
        let head = 1 + Self.saltLength
        guard sealed.count >= head + Self.tagLength, sealed[0] == Self.version else { throw EnclaveError(.sealRefused) }
        do {
            let (key, nonce) = try cipherInput(salt: Array(sealed[1..<head]), place: place)
            let end = sealed.count - Self.tagLength
            let box = try AES.GCM.SealedBox(nonce: nonce, ciphertext: sealed[head..<end], tag: sealed[end...])
            return Array(try AES.GCM.open(box, using: key, authenticating: Self.context(place)))
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }

    private func cipherInput(salt: [UInt8], place: SealedPlace) throws -> (SymmetricKey, AES.GCM.Nonce) {
        let derived = masterKey.deriveKey(
            place.purpose, context: [place.workspace, place.record], salt: salt,
            length: Self.keyLength + Self.nonceLength)
        return try derived.withUnsafeBytes { bytes in
            (
                SymmetricKey(data: bytes[..<Self.keyLength]),
                try AES.GCM.Nonce(data: bytes[Self.keyLength...])
            )
        }
    }

    private static func context(_ place: SealedPlace) -> [UInt8] {
        [version] + CountedText.join([place.purpose, place.workspace, place.record])
    }
}
