import COpenSSL
import EnclaveLink
import JOSE

/// A private key with its purpose, ready to sign on any thread.
///
/// Unchecked because libcrypto's `EVP_PKEY` is a pointer: neither it nor the context made from it is changed
/// after `init`, each signature has a context of its own, and libcrypto locks what signatures share (the blinding of
/// RSA).
final class SigningKey: @unchecked Sendable {
    let purpose: SigningKeyPurpose
    let publicKey: JSONWebKey
    /// The RFC 7638 thumbprint of the public key, which is the `kid`.
    let identifier: String
    /// The base64url header of identity tokens under this key, which never changes.
    let encodedIdentityHeader: [UInt8]
    private let key: OpaquePointer
    /// A context that is ready to sign. It is only ever copied: looking up digest and signer again for each signature
    /// takes libcrypto several times as long as a copy.
    private let readyContext: OpaquePointer

    /// Takes over `key`, and frees it if it cannot serve.
    /// - Throws: `keyRefused` if libcrypto does not know the key's public numbers.
    init(taking key: OpaquePointer, purpose: SigningKeyPurpose) throws(EnclaveError) {
        do {
            publicKey = try JSONWebKey(publicNumbersOf: key).identifiedByThumbprint()
            readyContext = try Self.readyContext(for: key)
        } catch {
            EVP_PKEY_free(key)
            throw EnclaveError(.keyRefused)
        }
        self.key = key
        self.purpose = purpose
        identifier = publicKey.thumbprint
        let header = Self.header(publicKey.algorithm, identifier, "identity+jwt")
        encodedIdentityHeader = Array(Base64URL.encode(Array(header.utf8)).utf8)
    }

    deinit {
        EVP_MD_CTX_free(readyContext)
        EVP_PKEY_free(key)
    }

    /// The signature as JWS wants it: PKCS #1 v1.5 for RSA, r‖s for P-256 (RFC 7518 §3.3, §3.4).
    /// - Throws: `keyRefused` if libcrypto fails.
    func sign(_ message: [UInt8]) throws(EnclaveError) -> [UInt8] {
        let signature = try signEncoded(message)
        switch publicKey.algorithm {
        case .rs256: return signature
        case .es256: return try ECDSASignature.fixedLength(fromDER: signature)
        }
    }

    /// A compact JWS of type `type` with this key's `kid`.
    /// - Throws: `keyRefused` if libcrypto fails.
    func signCompact(type: String, payload: [UInt8]) throws(EnclaveError) -> String {
        let input = JSONWebSignature.signingInput(
            header: Array(Self.header(publicKey.algorithm, identifier, type).utf8), payload: payload)
        return JSONWebSignature.assemble(signingInput: input, signature: try sign(input))
    }

    /// The signature as libcrypto writes it: for P-256 in DER (SEC 1 §C.8).
    /// - Throws: `keyRefused` if libcrypto fails.
    func signEncoded(_ message: [UInt8]) throws(EnclaveError) -> [UInt8] {
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

    /// The private key as PKCS #8 in DER, to be sealed at once.
    /// - Throws: `keyRefused` if libcrypto fails.
    func privateKeyInfo() throws(EnclaveError) -> [UInt8] {
        guard let info = EVP_PKEY2PKCS8(key) else { throw EnclaveError(.keyRefused) }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_PKCS8_PRIV_KEY_INFO(info, &encoded)
        guard length > 0, let encoded else { throw EnclaveError(.keyRefused) }
        defer { CRYPTO_clear_free(encoded, Int(length), nil, 0) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
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
