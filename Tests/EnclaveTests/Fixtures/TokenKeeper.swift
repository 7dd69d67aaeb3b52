import EnclaveLink
import JOSE
import Synchronization

@testable import Enclave

/// Keeps a master key in memory, and RSA keys in a token that may be away.
final class TokenKeeper: KeyKeeping, TokenSigning {
    private struct Content {
        var identifiers: [[UInt8]] = []
        var isAway = false
    }

    private let base: MemoryKeeper
    private let content = Mutex(Content())
    let makesIdentityKeysInToken = true

    init(_ key: MasterKey) { base = MemoryKeeper(key, randomness: SystemRandomness()) }

    var token: (any TokenSigning)? { self }

    /// The identifiers of the keys that are in the token.
    var identifiers: [[UInt8]] { content.withLock { $0.identifiers } }

    func goAway(_ isAway: Bool = true) { content.withLock { $0.isAway = isAway } }

    func describe() throws(EnclaveError) -> VaultDescription { try base.describe() }

    func rotate() throws(EnclaveError) -> MasterKeys { try base.rotate() }

    func retire(keeping newest: UInt32) throws(EnclaveError) -> MasterKeys { try base.retire(keeping: newest) }

    func makeSigningKey(bits: Int, identifier: [UInt8]) throws(EnclaveError) -> RSAPublicNumbers {
        let key = try SigningKey(generating: .rs256With2048Bits, for: .identity)
        guard case .rsa(let modulus, let exponent) = key.publicKey.material else { throw EnclaveError(.keyRefused) }
        try change { $0.identifiers.append(identifier) }
        return RSAPublicNumbers(modulus: modulus, exponent: exponent)
    }

    func sign(_ message: [UInt8], with identifier: [UInt8]) throws(EnclaveError) -> [UInt8] {
        throw EnclaveError(.unavailable)
    }

    func signingKeys() throws(EnclaveError) -> [[UInt8]] {
        var identifiers: [[UInt8]] = []
        try change { identifiers = $0.identifiers }
        return identifiers
    }

    func removeSigningKey(_ identifier: [UInt8]) throws(EnclaveError) {
        try change { $0.identifiers.removeAll { $0 == identifier } }
    }

    private func change(_ change: (inout Content) -> Void) throws(EnclaveError) {
        let isThere = content.withLock { content in
            guard !content.isAway else { return false }
            change(&content)
            return true
        }
        guard isThere else { throw EnclaveError(.unavailable) }
    }
}
