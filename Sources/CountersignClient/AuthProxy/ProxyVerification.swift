import Foundation

internal import JOSE
internal import SealedPasscodes

/// What a right code is worth in the Turnkey dialect: one look-up, one sign-up and one login by the client key that the
/// code was sealed with.
public struct ProxyVerification: Sendable, Hashable, Codable {
    public let token: Secret
    public let expiresAt: Date
    /// The token's own name, which client signatures are over.
    let tokenIdentifier: String
    /// The client key that the token is bound to.
    public let key: PublicKey

    /// - Throws: `wrongKey`.
    func check(_ key: some ClientKey) throws(CountersignError) {
        guard key.publicKey == self.key else { throw .wrongKey("The verification") }
    }
}

extension AuthProxy {
    /// Checks a verification token as the pinned signer made it, for this key.
    func verification(
        _ token: Secret, _ key: some ClientKey
    ) async throws(CountersignError) -> ProxyVerification {
        let payload = try await trust.verified(.signer) { (signer) throws(SealedPasscodeError) in
            try Self.payload(token.reveal(), signer)
        }
        guard let claims = try? JSONValue(parsing: payload), let identifier = claims["id"]?.text,
            let expiry = claims["exp"]?.text.flatMap({ Double($0) }),
            claims["public_key"]?.text == key.publicKey.compressedHexadecimal
        else { throw .untrustedToken("it is not for this key") }
        let expiresAt = Date(timeIntervalSince1970: expiry / 1000)
        guard connection.surroundings.now() < expiresAt else { throw .expired("The verification token") }
        return ProxyVerification(
            token: token, expiresAt: expiresAt, tokenIdentifier: identifier, key: key.publicKey)
    }

    private static func payload(_ token: String, _ signer: P256PublicKey) throws(SealedPasscodeError) -> [UInt8] {
        guard let key = try? JSONWebKey(p256Uncompressed: signer.uncompressed), let keys = try? JSONWebKeySet([key])
        else {
            throw SealedPasscodeError(.wrongSigner)
        }
        do {
            return try JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(token).payload
        } catch {
            // The dialect's tokens name no key, so that another one only shows in the signature.
            throw SealedPasscodeError(error.code == .signatureInvalid ? .wrongSigner : .malformedBundle)
        }
    }
}
