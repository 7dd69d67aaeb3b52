import EnclaveLink
import JOSE
import SealedPasscodes

/// The claims of our own verification token (RFC 7519), bound to the client's key (RFC 7800, RFC 9449 §6).
enum VerificationClaims {
    static func write(
        _ statement: VerificationStatement, subject: String, now: EnclaveInstant
    ) -> (payload: [UInt8], expiresAt: Int64) {
        let issuedAt = now.unixMilliseconds / 1000
        let end = issuedAt + Int64(statement.request.lifetime)
        var claims = ClaimsWriter()
        claims.add("iss", statement.request.issuer)
        claims.add("sub", subject)
        claims.add("aud", statement.proven.workspace)
        claims.add("iat", issuedAt)
        claims.add("nbf", issuedAt)
        claims.add("exp", end)
        claims.add("jti", statement.request.identifier)
        claims.add(statement.proven)
        // The thumbprint is for whoever checks a proof; the key itself, so that the token alone says whose it is.
        let key = statement.clientKey
        claims.add("cnf", json: #"{"jkt":"\#(key.thumbprint)","jwk":\#(key.jsonWebKey)}"#)
        return (claims.finish(), end * 1000)
    }

    /// - Throws: `tokenMalformed` unless every claim is there, `tokenForeign` for another issuer's or workspace's.
    static func read(_ claims: JSONValue, in scope: TokenScope) throws(TokenFault) -> VerifiedClient {
        guard let issuer = claims["iss"]?.text, let audience = claims["aud"]?.text,
            let identifier = claims["jti"]?.text, case .integer(let end)? = claims["exp"],
            let contact = contact(claims), let key = clientKey(claims)
        else { throw .tokenMalformed }
        guard issuer == scope.issuer, audience == scope.workspace else { throw .tokenForeign }
        return VerifiedClient(token: identifier, contact: contact, key: key, expiresAt: end * 1000)
    }

    private static func contact(_ claims: JSONValue) -> ContactAddress? {
        for kind in ContactAddress.Kind.allCases {
            if let value = claims[kind.rawValue]?.text { return ContactAddress(kind: kind, value: value) }
        }
        return nil
    }

    private static func clientKey(_ claims: JSONValue) -> P256PublicKey? {
        guard let jwk = claims["cnf"]?["jwk"], let key = try? JSONWebKey(jwk) else { return nil }
        return try? P256PublicKey(point: key.uncompressedPoint)
    }
}
