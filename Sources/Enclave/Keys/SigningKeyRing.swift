import EnclaveLink
import SealedPasscodes
import Synchronization

/// The signing keys that the host has loaded since the start.
final class SigningKeyRing: Sendable {
    /// More loaded keys than this are refused.
    static let capacity = 1000
    private let keys = Mutex<[String: SigningKey]>([:])
    private let sealer: VersionedSealer
    private let keeper: any KeyKeeping

    /// - Parameter keeper: knows the HSM in which RSA keys may be.
    init(sealer: VersionedSealer, keeper: any KeyKeeping) {
        self.sealer = sealer
        self.keeper = keeper
    }

    /// Makes a key and keeps it loaded.
    /// - Throws: `requestRefused` for an algorithm that the purpose does not sign with, `keyRefused` if libcrypto
    ///   fails, `unavailable` if the HSM does, `overloaded` if too many keys are loaded.
    func create(_ request: CreateSigningKey) throws(EnclaveError) -> CreatedSigningKey {
        guard request.algorithm == .es256 || request.purpose.allowsRSA else { throw EnclaveError(.requestRefused) }
        let key = try make(request)
        do throws(EnclaveError) {
            var encoded = try key.content()
            defer { encoded.wipe() }
            let sealed = try sealer.seal(encoded, for: .signingKey(request.purpose, identifier: key.identifier))
            try keep(key)
            return CreatedSigningKey(
                keyIdentifier: key.identifier, publicKey: key.publicKey.json,
                publicPoint: key.publicKey.uncompressedPoint, sealed: sealed)
        } catch {
            // Nobody would know of it any more.
            try? key.removeFromToken()
            throw error
        }
    }

    /// - Throws: `sealRefused` if the blob is not that key for that purpose, `overloaded` if too many are loaded.
    func load(_ request: LoadSigningKey) throws(EnclaveError) -> Loaded {
        var encoded = try sealer.open(
            request.sealed, for: .signingKey(request.purpose, identifier: request.keyIdentifier))
        defer { encoded.wipe() }
        let key = try open(encoded, for: request.purpose)
        guard key.identifier == request.keyIdentifier else { throw EnclaveError(.sealRefused) }
        try keep(key)
        return Loaded()
    }

    /// Drops the key, and removes it from the HSM if it is in one.
    /// - Throws: `unavailable` if the HSM does not answer. The key is dropped all the same, and may stay in the HSM: then it
    ///   is listed there as one that this installation does not have.
    func forget(_ request: ForgetSigningKey) throws(EnclaveError) -> Loaded {
        // First: the host has forgotten it by now, so it must not pass for a key of this installation.
        let key = keys.withLock { $0.removeValue(forKey: request.keyIdentifier) }
        try key?.removeFromToken()
        return Loaded()
    }

    /// - Throws: `keyRefused` if no such key is loaded or it does not sign identity tokens.
    func identityKey(_ identifier: String) throws(EnclaveError) -> SigningKey {
        guard
            let key = keys.withLock({ $0[identifier] }), key.purpose == .identity || key.purpose == .identityTest
        else { throw EnclaveError(.keyRefused) }
        return key
    }

    /// - Throws: `keyRefused` if no such key is loaded or it is for another purpose.
    func key(_ identifier: String, for purpose: SigningKeyPurpose) throws(EnclaveError) -> SigningKey {
        guard let key = keys.withLock({ $0[identifier] }), key.purpose == purpose else {
            throw EnclaveError(.keyRefused)
        }
        return key
    }

    /// All loaded keys of a purpose: the current one, the next, and those that sign no more but still count.
    func keys(for purpose: SigningKeyPurpose) -> [SigningKey] {
        keys.withLock { $0.values.filter { $0.purpose == purpose } }
    }

    /// The identifiers in the HSM of those loaded keys that are in one.
    var inToken: Set<[UInt8]> { keys.withLock { Set($0.values.compactMap(\.tokenIdentifier)) } }

    private func make(_ request: CreateSigningKey) throws(EnclaveError) -> SigningKey {
        guard keeper.makesIdentityKeysInToken, let token = keeper.token, let bits = request.algorithm.modulusBits else {
            return try SigningKey(generating: request.algorithm, for: request.purpose)
        }
        let identifier = sealer.randomness.bytes(TokenKeyReference.identifierLength)
        let numbers = try token.makeSigningKey(bits: bits, identifier: identifier)
        return try SigningKey(
            in: token, TokenKeyReference(identifier: identifier, numbers: numbers), purpose: request.purpose)
    }

    private func open(_ content: [UInt8], for purpose: SigningKeyPurpose) throws(EnclaveError) -> SigningKey {
        guard let reference = TokenKeyReference(content: content) else {
            return try SigningKey(privateKeyInfo: content, purpose: purpose)
        }
        guard let token = keeper.token else { throw EnclaveError(.keyRefused) }
        return try SigningKey(in: token, reference, purpose: purpose)
    }

    private func keep(_ key: SigningKey) throws(EnclaveError) {
        let kept = keys.withLock { keys in
            guard keys[key.identifier] != nil || keys.count < Self.capacity else { return false }
            keys[key.identifier] = key
            return true
        }
        guard kept else { throw EnclaveError(.overloaded) }
    }
}

extension SigningKeyPurpose {
    /// Identity tokens may be signed with RSA; everything of the sealed flows is P-256.
    fileprivate var allowsRSA: Bool {
        switch self {
        case .identity, .identityTest: true
        case .enclave, .enclaveTest, .notary, .notaryTest, .session, .sessionTest, .permission, .permissionTest:
            false
        }
    }
}

extension SigningAlgorithm {
    /// Nil for what is no RSA.
    fileprivate var modulusBits: Int? {
        switch self {
        case .rs256With2048Bits: 2048
        case .rs256With3072Bits: 3072
        case .es256: nil
        }
    }
}
