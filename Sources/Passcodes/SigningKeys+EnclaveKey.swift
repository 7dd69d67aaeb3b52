import EnclaveLink
import JOSE

extension SigningKeys {
    /// The enclave's own P-256 public key, which clients pin: the uncompressed point in lower-case hexadecimal, `04…`.
    /// Nil before the first `prepare`.
    public var enclaveKey: String? {
        point(.enclave)
    }

    /// The uncompressed point, in lower-case hexadecimal, of the key that signs for a purpose; nil for none.
    public func point(_ purpose: SigningKeyPurpose) -> String? {
        guard let key = key(purpose, .current),
            let parsed = try? JSONWebKey(json: Array(key.publicKey.utf8)), case .p256(let x, let y) = parsed.material
        else { return nil }
        return "04" + x.hexadecimal + y.hexadecimal
    }
}
