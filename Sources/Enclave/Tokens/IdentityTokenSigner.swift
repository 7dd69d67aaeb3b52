import EnclaveLink
import JOSE

/// Writes and signs identity tokens (JWT, RFC 7519; header type `identity+jwt` after RFC 8725 §3.11).
struct IdentityTokenSigner: Sendable {
    let randomness: any RandomSource
    private let subjectKeys: SubjectKeys

    init(masterKey: MasterKey, randomness: any RandomSource) {
        self.randomness = randomness
        subjectKeys = SubjectKeys(masterKey: masterKey)
    }

    /// - Throws: `keyRefused` if libcrypto cannot sign with the key.
    func sign(
        _ statement: IdentityStatement, with key: SigningKey, now: EnclaveInstant
    ) throws(EnclaveError) -> IdentityToken {
        let input = JSONWebSignature.signingInput(
            encodedHeader: key.encodedIdentityHeader, payload: claims(statement, now: now))
        return IdentityToken(JSONWebSignature.assemble(signingInput: input, signature: try key.sign(input)))
    }

    /// A name for the person that is the same in every token of this workspace and mode and means nothing elsewhere:
    /// HMAC-SHA256 of the contact under a key that only this workspace and mode derive.
    func subject(_ statement: IdentityStatement) -> String {
        let contact = CountedText.join([statement.contact.kind.rawValue, statement.contact.value])
        return Base64URL.encode(
            subjectKeys.code(for: contact, workspace: statement.workspace, mode: statement.mode))
    }

    private func claims(_ statement: IdentityStatement, now: EnclaveInstant) -> [UInt8] {
        let issuedAt = now.unixMilliseconds / 1000
        var claims = ClaimsWriter()
        claims.add("iss", statement.request.issuer)
        claims.add("sub", subject(statement))
        claims.add("aud", statement.request.audience)
        claims.add("iat", issuedAt)
        claims.add("nbf", issuedAt)
        claims.add("exp", issuedAt + Int64(statement.request.lifetime))
        claims.add("jti", Base64URL.encode(randomness.bytes(16)))
        claims.add(statement.contact.kind.rawValue, statement.contact.value)
        claims.add("amr", statement.methods)
        claims.add("acr", statement.contextClass)
        if statement.mode == .test { claims.add("test", true) }
        return claims.finish()
    }
}
