import COpenSSL
import Crypto
import EnclaveLink
import JOSE
import SealedPasscodes

/// A private key with its purpose, ready to sign on any thread. libcrypto signs with RSA; with P-256 swift-crypto does,
/// at nine tenths of libcrypto's time, and beside HPKE at less, because both then work with the same tables.
///
/// Unchecked because libcrypto's `EVP_PKEY` is a pointer: neither it nor the context made from it is changed
/// after `init`, each signature has a context of its own, and libcrypto locks what signatures share (the blinding of
/// RSA). swift-crypto's keys are values that are not marked `Sendable`.
final class SigningKey: @unchecked Sendable {
    private enum Signer {
        /// A context that is ready to sign. It is only ever copied: looking up digest and signer again for each
        /// signature takes libcrypto several times as long as a copy.
        case rsa(OpaquePointer)
        case p256(P256.Signing.PrivateKey)
        /// An RSA key in an HSM.
        case token(any TokenSigning, TokenKeyReference)
    }

    let purpose: SigningKeyPurpose
    let publicKey: JSONWebKey
    /// The RFC 7638 thumbprint of the public key, which is the `kid`.
    let identifier: String
    /// The base64url header of identity tokens under this key, which never changes.
    let encodedIdentityHeader: [UInt8]
    /// Nil for a key in an HSM.
    private let key: OpaquePointer?
    private let signer: Signer

    /// Takes over `key`, and frees it if it cannot serve.
    /// - Throws: `keyRefused` if libcrypto does not know the key's numbers.
    init(taking key: OpaquePointer, purpose: SigningKeyPurpose) throws(EnclaveError) {
        do {
            publicKey = try JSONWebKey(publicNumbersOf: key).identifiedByThumbprint()
            switch publicKey.algorithm {
            case .rs256: signer = .rsa(try Self.readyContext(for: key))
            case .es256: signer = .p256(try P256.Signing.PrivateKey(privateNumberOf: key))
            }
        } catch {
            EVP_PKEY_free(key)
            throw EnclaveError(.keyRefused)
        }
        self.key = key
        self.purpose = purpose
        identifier = publicKey.thumbprint
        encodedIdentityHeader = Self.encodedIdentityHeader(publicKey)
    }

    /// A key that is in an HSM and signs there.
    /// - Throws: `keyRefused` if the numbers are no acceptable key.
    init(in token: any TokenSigning, _ reference: TokenKeyReference, purpose: SigningKeyPurpose) throws(EnclaveError) {
        do {
            publicKey = try JSONWebKey(
                rsaModulus: reference.numbers.modulus, exponent: reference.numbers.exponent
            ).identifiedByThumbprint()
        } catch {
            throw EnclaveError(.keyRefused)
        }
        key = nil
        signer = .token(token, reference)
        self.purpose = purpose
        identifier = publicKey.thumbprint
        encodedIdentityHeader = Self.encodedIdentityHeader(publicKey)
    }

    deinit {
        if case .rsa(let context) = signer { EVP_MD_CTX_free(context) }
        EVP_PKEY_free(key)
    }

    /// By what the HSM finds the key, if it is in one.
    var tokenIdentifier: [UInt8]? {
        guard case .token(_, let reference) = signer else { return nil }
        return reference.identifier
    }

    /// Removes the key from the HSM, if it is in one.
    /// - Throws: `unavailable`.
    func removeFromToken() throws(EnclaveError) {
        if case .token(let token, let reference) = signer { try token.removeSigningKey(reference.identifier) }
    }

    /// The signature as JWS wants it: PKCS #1 v1.5 for RSA, r‖s for P-256 (RFC 7518 §3.3, §3.4).
    /// - Throws: `keyRefused` if the library fails, `unavailable` if the HSM does.
    func sign(_ message: [UInt8]) throws(EnclaveError) -> [UInt8] {
        switch signer {
        case .token(let token, let reference): try token.sign(message, with: reference.identifier)
        case .rsa(let context): try sign(message, context)
        case .p256(let key): Array(try Self.sign(message, key).rawRepresentation)
        }
    }

    /// The signature of a P-256 key in DER (SEC 1 §C.8).
    /// - Throws: `keyRefused` for an RSA key, or if the library fails.
    func signDER(_ message: [UInt8]) throws(EnclaveError) -> [UInt8] {
        guard case .p256(let key) = signer else { throw EnclaveError(.keyRefused) }
        return Array(try Self.sign(message, key).derRepresentation)
    }

    /// A compact JWS of type `type` with this key's `kid`.
    /// - Throws: `keyRefused` if the library fails.
    func signCompact(type: String, payload: [UInt8]) throws(EnclaveError) -> String {
        let input = JSONWebSignature.signingInput(
            header: Array(Self.header(publicKey.algorithm, identifier, type).utf8), payload: payload)
        return JSONWebSignature.assemble(signingInput: input, signature: try sign(input))
    }

    /// What is kept of the key, to be sealed at once and wiped: PKCS #8 in DER, or the reference to a key in an HSM.
    /// - Throws: `keyRefused` if libcrypto fails.
    func content() throws(EnclaveError) -> [UInt8] {
        if case .token(_, let reference) = signer { return try reference.content() }
        guard let key, let info = EVP_PKEY2PKCS8(key) else { throw EnclaveError(.keyRefused) }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_PKCS8_PRIV_KEY_INFO(info, &encoded)
        guard length > 0, let encoded else { throw EnclaveError(.keyRefused) }
        defer { CRYPTO_clear_free(encoded, Int(length), nil, 0) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    private func sign(_ message: [UInt8], _ readyContext: OpaquePointer) throws(EnclaveError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw EnclaveError(.keyRefused) }
        defer { EVP_MD_CTX_free(context) }
        var length = Int(EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: length)
        guard
            EVP_MD_CTX_copy_ex(context, readyContext) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw EnclaveError(.keyRefused) }
        if length < signature.count { signature.removeSubrange(length...) }
        return signature
    }

    private static func sign(
        _ message: [UInt8], _ key: P256.Signing.PrivateKey
    ) throws(EnclaveError) -> P256.Signing.ECDSASignature {
        do { return try key.signature(for: SHA256.hash(data: message)) } catch { throw EnclaveError(.keyRefused) }
    }

    private static func encodedIdentityHeader(_ publicKey: JSONWebKey) -> [UInt8] {
        let header = header(publicKey.algorithm, publicKey.thumbprint, "identity+jwt")
        return Array(Base64URL.encode(Array(header.utf8)).utf8)
    }

    private static func header(_ algorithm: SignatureAlgorithm, _ identifier: String, _ type: String) -> String {
        #"{"alg":"\#(algorithm.rawValue)","kid":"\#(identifier)","typ":"\#(type)"}"#
    }

    private static func readyContext(for key: OpaquePointer) throws(EnclaveError) -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { throw EnclaveError(.keyRefused) }
        guard EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw EnclaveError(.keyRefused)
        }
        return context
    }
}

extension P256.Signing.PrivateKey {
    /// The private half of a libcrypto key.
    /// - Throws: `EnclaveError` if libcrypto does not tell the number, swift-crypto's error if it is out of range.
    fileprivate init(privateNumberOf key: OpaquePointer) throws {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1, let number else {
            throw EnclaveError(.keyRefused)
        }
        defer { BN_clear_free(number) }
        var bytes = [UInt8](repeating: 0, count: 32)
        defer { bytes.wipe() }
        guard BN_bn2binpad(number, &bytes, 32) == 32 else { throw EnclaveError(.keyRefused) }
        try self.init(rawRepresentation: bytes)
    }
}
