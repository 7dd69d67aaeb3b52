import Foundation

internal import Crypto
internal import Encodings
internal import JOSE
internal import SealedPasscodes

/// A session of the Turnkey dialect, as the pinned notary signed it. Its requests carry an `X-Stamp` by the session key.
public struct ProxySession: Sendable, Hashable, Codable {
    public let token: Secret
    public let user: String
    public let organization: String
    public let expiresAt: Date
    /// The key that stamps.
    public let key: PublicKey

    /// The value of `X-Stamp` for one request: a signature over the exact bytes of its body.
    /// - Throws: `wrongKey`, `keyUnavailable`.
    public func stamp(_ body: Data, key: some ClientKey) async throws(CountersignError) -> String {
        guard key.publicKey == self.key else { throw .wrongKey("The session") }
        let signature = try await key.sign(Array(body))
        guard let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else {
            throw .keyUnavailable()
        }
        let stamp = Stamp(
            publicKey: key.publicKey.compressedHexadecimal, signature: Hexadecimal.encode(parsed.derRepresentation))
        return Base64URL.encode(Wire.camelCase.encode(stamp))
    }

    private struct Stamp: Encodable {
        var publicKey: String
        var scheme = "SIGNATURE_SCHEME_TK_API_P256"
        var signature: String
    }
}

extension AuthProxy {
    /// Checks a session token: the pinned notary's signature over the double hash, and that it is for `key`.
    func session(_ token: Secret, _ key: PublicKey) async throws(CountersignError) -> ProxySession {
        let payload = try await trust.verified(.notary) { (notary) throws(SealedPasscodeError) in
            try Self.payload(doublyHashed: token.reveal(), notary)
        }
        guard let claims = try? JSONValue(parsing: payload), let user = claims["user_id"]?.text,
            let organization = claims["organization_id"]?.text, let expiry = claims["exp"]?.double,
            claims["public_key"]?.text == key.compressedHexadecimal,
            claims["session_type"]?.text == "SESSION_TYPE_READ_WRITE"
        else { throw .untrustedToken("it is no session of this key") }
        let expiresAt = Date(timeIntervalSince1970: expiry)
        guard connection.surroundings.now() < expiresAt else { throw .expired("The session") }
        return ProxySession(
            token: token, user: user, organization: organization, expiresAt: expiresAt, key: key)
    }

    /// ECDSA over SHA-256(SHA-256(header.payload)), r‖s: only this dialect's sessions are signed so.
    private static func payload(
        doublyHashed token: String, _ notary: P256PublicKey
    ) throws(SealedPasscodeError) -> [UInt8] {
        let text = Array(token.utf8)
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = try? Base64URL.decode(parts[0]),
            (try? JSONWebSignatureHeader(json: head))?.algorithm == .es256,
            let payload = try? Base64URL.decode(parts[1]), let signature = try? Base64URL.decode(parts[2])
        else { throw SealedPasscodeError(.malformedBundle) }
        let digest = Array(SHA256.hash(data: text[..<parts[1].endIndex]))
        guard notary.isValidSignature(raw: signature, for: digest) else { throw SealedPasscodeError(.wrongSigner) }
        return payload
    }
}
