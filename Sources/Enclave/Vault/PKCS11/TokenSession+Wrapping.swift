import CP11Kit

/// Encryption with a secret key that never leaves the token: AES-GCM with a 96-bit nonce and a 128-bit tag
/// (NIST SP 800-38D; PKCS #11 v2.40 mechanisms §2.12).
extension TokenSession {
    static let nonceLength = 12
    private static let tagBits: CK_ULONG = 128
    /// Bytes of a key for AES-256.
    private static let keyLength = 32

    /// The AES key with this label.
    /// - Throws: `keyMissing` or `keyAmbiguous`; `keyUnfit` for one that can be read out of the token.
    func wrappingKey(_ label: String) throws(TokenError) -> CK_OBJECT_HANDLE {
        let key = try find(
            AttributeTemplate().with(CKA_CLASS, CKO_SECRET_KEY).with(CKA_KEY_TYPE, CKK_AES)
                .with(CKA_LABEL, label),
            called: label)
        guard try attribute(CKA_SENSITIVE, of: key) == [1], try attribute(CKA_EXTRACTABLE, of: key) == [0] else {
            throw TokenError(
                .keyUnfit,
                "the key '\(label)' can be read out of the token; make one that is sensitive and not "
                    + "extractable")
        }
        return key
    }

    /// Whether an AES key has 256 bits.
    func isFullLength(_ key: CK_OBJECT_HANDLE) throws(TokenError) -> Bool {
        try attribute(CKA_VALUE_LEN, of: key) == withUnsafeBytes(of: CK_ULONG(Self.keyLength)) { Array($0) }
    }

    /// To be asked before a key wraps anything. What a shorter one wrapped already is opened all the same, so that it can be
    /// wrapped by another.
    /// - Throws: `keyUnfit` for an AES key of less than 256 bits.
    func expectFullLength(_ key: CK_OBJECT_HANDLE, called label: String) throws(TokenError) {
        guard try isFullLength(key) else {
            throw TokenError(
                .keyUnfit,
                "the key '\(label)' is not of 256 bits; make one that is (AES, \(Self.keyLength) bytes), and name it in "
                    + "enclave.yaml")
        }
    }

    /// - Returns: ciphertext and tag.
    func encrypt(
        _ content: [UInt8], under key: CK_OBJECT_HANDLE, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(TokenError) -> [UInt8] {
        try withMechanism(nonce, context) { mechanism throws(TokenError) in
            try module.check("C_EncryptInit", functions.C_EncryptInit?(handle, mechanism, key))
            return try process("C_Encrypt", content) { functions.C_Encrypt?(handle, $0, $1, $2, $3) }
        }
    }

    /// - Throws: `wrongKey` if it is not what `encrypt` made with that key, nonce and context.
    func decrypt(
        _ sealed: [UInt8], under key: CK_OBJECT_HANDLE, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(TokenError) -> [UInt8] {
        try withMechanism(nonce, context) { mechanism throws(TokenError) in
            try module.check("C_DecryptInit", functions.C_DecryptInit?(handle, mechanism, key))
            do throws(TokenError) {
                return try process("C_Decrypt", sealed) { functions.C_Decrypt?(handle, $0, $1, $2, $3) }
            } catch  where error.code == .callFailed {
                // Modules disagree on what a wrong tag returns; SoftHSM says CKR_GENERAL_ERROR.
                throw TokenError(
                    .wrongKey, "the key does not open it, or it was changed: \(error.description)")
            }
        }
    }

    private var functions: CK_FUNCTION_LIST { module.functions.pointee }

    private func withMechanism(
        _ nonce: [UInt8], _ context: [UInt8],
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(TokenError) -> [UInt8]
    ) throws(TokenError) -> [UInt8] {
        var nonce = nonce
        var context = context
        return try nonce.withUnsafeMutableBufferPointer { nonce throws(TokenError) in
            try context.withUnsafeMutableBufferPointer { context throws(TokenError) in
                var parameters = CK_GCM_PARAMS(
                    pIv: nonce.baseAddress, ulIvLen: CK_ULONG(nonce.count), ulIvBits: CK_ULONG(8 * nonce.count),
                    pAAD: context.baseAddress, ulAADLen: CK_ULONG(context.count), ulTagBits: Self.tagBits)
                return try withUnsafeMutablePointer(to: &parameters) { parameters throws(TokenError) in
                    var mechanism = CK_MECHANISM(
                        mechanism: CK_MECHANISM_TYPE(CKM_AES_GCM), pParameter: parameters,
                        ulParameterLen: CK_ULONG(MemoryLayout<CK_GCM_PARAMS>.size))
                    return try body(&mechanism)
                }
            }
        }
    }

    /// Has a call write into as much room as it may need: content and tag.
    private func process(
        _ name: String, _ input: [UInt8],
        _ call: (UnsafeMutablePointer<UInt8>, CK_ULONG, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CK_ULONG>)
            -> CK_RV?
    ) throws(TokenError) -> [UInt8] {
        var input = input
        defer { input.wipe() }
        var output = [UInt8](repeating: 0, count: input.count + Int(Self.tagBits / 8) + 16)
        defer { output.wipe() }
        var length = CK_ULONG(output.count)
        try module.check(name, call(&input, CK_ULONG(input.count), &output, &length))
        return Array(output.prefix(Int(length)))
    }
}
