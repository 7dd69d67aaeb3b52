import EnclaveLink
import Encodings
import JOSE

/// The keys of one purpose that clients pin, as `/.well-known/countersign` tells them: uncompressed points of P-256 in
/// lower-case hexadecimal, `04…`.
public struct PinnedKeys: Equatable, Sendable {
    public let current: String
    /// Signs after the next rotation.
    public let next: String
    /// The chain from every key that was ever current to the one that is now, oldest first.
    public let endorsements: [SigningKeyEndorsement]
}

extension SigningKeys {
    /// The keys that sign target bundles and Turnkey verification tokens (`enclave`, `enclaveTest`) or Turnkey sessions
    /// (`notary`, `notaryTest`). Nil before the first `prepare`, and for a purpose whose keys are in the key set.
    public func pinned(_ purpose: SigningKeyPurpose) -> PinnedKeys? {
        guard purpose.policy.rotation == .onDemand, let current = point(of: key(purpose, .current)),
            let next = point(of: key(purpose, .next))
        else { return nil }
        return PinnedKeys(
            current: current, next: next, endorsements: endorsements.filter { $0.purpose == purpose })
    }

    /// The enclave's own public key, which clients pin. Nil before the first `prepare`.
    public var enclaveKey: String? { pinned(.enclave)?.current }

    /// The key of Turnkey sessions. Nil before the first `prepare`.
    public var notaryKey: String? { pinned(.notary)?.current }

    private func point(of key: SigningKey?) -> String? {
        guard let key, let parsed = try? JSONWebKey(json: Array(key.publicKey.utf8)),
            case .p256(let x, let y) = parsed.material
        else { return nil }
        return "04" + Hexadecimal.encode(x + y)
    }
}
