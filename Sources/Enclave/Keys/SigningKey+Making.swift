import COpenSSL
import EnclaveLink

extension SigningKey {
    /// Makes a key with libcrypto's own generator.
    /// - Throws: `keyRefused` if libcrypto fails.
    convenience init(generating algorithm: SigningAlgorithm, for purpose: SigningKeyPurpose) throws(EnclaveError) {
        let name = algorithm == .es256 ? "EC" : "RSA"
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw EnclaveError(.keyRefused) }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard
            EVP_PKEY_keygen_init(context) == 1, Self.configure(context, algorithm) == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw EnclaveError(.keyRefused) }
        try self.init(taking: key, purpose: purpose)
    }

    /// Reads a key from PKCS #8 in DER.
    /// - Throws: `keyRefused` if it is none.
    convenience init(privateKeyInfo: [UInt8], purpose: SigningKeyPurpose) throws(EnclaveError) {
        let key = privateKeyInfo.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return d2i_AutoPrivateKey(nil, &start, buffer.count)
        }
        guard let key else { throw EnclaveError(.keyRefused) }
        try self.init(taking: key, purpose: purpose)
    }

    private static func configure(_ context: OpaquePointer, _ algorithm: SigningAlgorithm) -> Int32 {
        switch algorithm {
        case .rs256With2048Bits: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048)
        case .rs256With3072Bits: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 3072)
        case .es256: EVP_PKEY_CTX_set_group_name(context, "P-256")
        }
    }
}
