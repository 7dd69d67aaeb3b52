import CP11Kit
import EnclaveLink

/// RSA keys that are made in the token and never leave it.
extension TokenSession {
    /// Makes a key pair that signs and does nothing else.
    /// - Parameter identifier: by which it is found again (`CKA_ID`); the caller draws it.
    func makeSigningKey(bits: Int, identifier: [UInt8]) throws(TokenError) -> RSAPublicNumbers {
        let functions = module.functions.pointee
        var mechanism = CK_MECHANISM()
        mechanism.mechanism = CK_MECHANISM_TYPE(CKM_RSA_PKCS_KEY_PAIR_GEN)
        let common = AttributeTemplate().with(CKA_TOKEN, true).with(CKA_ID, identifier).with(CKA_LABEL, Self.keyLabel)
        let publicHalf = common.with(CKA_VERIFY, true).with(CKA_ENCRYPT, false).with(CKA_WRAP, false)
            .with(CKA_MODULUS_BITS, CK_ULONG(bits)).with(CKA_PUBLIC_EXPONENT, [1, 0, 1])
        let privateHalf = common.with(CKA_PRIVATE, true).with(CKA_SENSITIVE, true).with(CKA_EXTRACTABLE, false)
            .with(CKA_SIGN, true).with(CKA_DECRYPT, false).with(CKA_UNWRAP, false)
        var made: (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE) = (0, 0)
        let result = publicHalf.lend { attributes, count in
            privateHalf.lend { privateAttributes, privateCount in
                functions.C_GenerateKeyPair?(
                    handle, &mechanism, attributes, count, privateAttributes, privateCount, &made.0, &made.1)
            }
        }
        try module.check("C_GenerateKeyPair", result)
        return try RSAPublicNumbers(
            modulus: attribute(CKA_MODULUS, of: made.0), exponent: attribute(CKA_PUBLIC_EXPONENT, of: made.0))
    }

    /// The private half of a key that `makeSigningKey` made.
    /// - Throws: `keyMissing`.
    func signingKey(_ identifier: [UInt8]) throws(TokenError) -> CK_OBJECT_HANDLE {
        try find(
            AttributeTemplate().with(CKA_CLASS, CKO_PRIVATE_KEY).with(CKA_ID, identifier)
                .with(CKA_LABEL, Self.keyLabel),
            called: Self.keyLabel)
    }

    /// An RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 §8.2).
    func sign(_ message: [UInt8], with key: CK_OBJECT_HANDLE) throws(TokenError) -> [UInt8] {
        let functions = module.functions.pointee
        var mechanism = CK_MECHANISM()
        mechanism.mechanism = CK_MECHANISM_TYPE(CKM_SHA256_RSA_PKCS)
        try module.check("C_SignInit", functions.C_SignInit?(handle, &mechanism, key))
        var message = message
        var signature = [UInt8](repeating: 0, count: 1024)
        var length = CK_ULONG(signature.count)
        try module.check(
            "C_Sign", functions.C_Sign?(handle, &message, CK_ULONG(message.count), &signature, &length))
        return Array(signature.prefix(Int(length)))
    }

    /// Removes both halves of a key. None is no error.
    func removeSigningKey(_ identifier: [UInt8]) throws(TokenError) {
        let functions = module.functions.pointee
        let halves = AttributeTemplate().with(CKA_ID, identifier).with(CKA_LABEL, Self.keyLabel)
        for half in try find(halves, limit: 2) {
            try module.check("C_DestroyObject", functions.C_DestroyObject?(handle, half))
        }
    }

    /// The identifiers of the keys that `makeSigningKey` made in this token, for whatever installation.
    func signingKeys() throws(TokenError) -> [[UInt8]] {
        var identifiers: [[UInt8]] = []
        let keys = AttributeTemplate().with(CKA_CLASS, CKO_PRIVATE_KEY).with(CKA_LABEL, Self.keyLabel)
        for key in try find(keys, limit: VaultDescription.TokenKeys.limit) {
            identifiers.append(try attribute(CKA_ID, of: key))
        }
        return identifiers
    }

    private static let keyLabel = "countersign identity key"
}
