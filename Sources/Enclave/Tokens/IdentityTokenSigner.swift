import EnclaveLink
import JOSE

/// Writes and signs identity tokens (JWT, RFC 7519; header type `identity+jwt` after RFC 8725 §3.11).
struct IdentityTokenSigner: Sendable {
    let randomness: any RandomSource
    let subjectKeys: SubjectKeys

    /// - Throws: `keyRefused` if the key cannot sign.
    func sign(
        _ statement: IdentityStatement, with key: SigningKey, now: EnclaveInstant
    ) throws(EnclaveError) -> IdentityToken {
        let input = JSONWebSignature.signingInput(
            encodedHeader: key.encodedIdentityHeader, payload: claims(statement, now: now))
        return IdentityToken(JSONWebSignature.assemble(signingInput: input, signature: try key.sign(input)))
    }

    private func claims(_ statement: IdentityStatement, now: EnclaveInstant) -> [UInt8] {
        let issuedAt = now.unixMilliseconds / 1000
        var claims = ClaimsWriter()
        claims.add("iss", statement.request.issuer)
        claims.add("sub", subjectKeys.subject(of: statement.proven))
        claims.add("aud", statement.request.audience)
        claims.add("iat", issuedAt)
        claims.add("nbf", issuedAt)
        claims.add("exp", issuedAt + Int64(statement.request.lifetime))
        claims.add("jti", Base64URL.encode(randomness.bytes(16)))
        claims.add(statement.proven)
        if let purpose = statement.claims?.purpose { claims.add("purpose", purpose) }
        if let binding = statement.claims?.binding { claims.add("binding", json: binding) }
        return claims.finish()
    }
}
