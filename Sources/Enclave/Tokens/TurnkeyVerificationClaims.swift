import EnclaveLink
import JOSE
import SealedPasscodes

/// The claims of the Turnkey dialect's verification token: all of them texts, the end in milliseconds.
enum TurnkeyVerificationClaims {
    static func write(
        _ statement: VerificationStatement, now: EnclaveInstant
    ) -> (payload: [UInt8], expiresAt: Int64) {
        let expiresAt = now.unixMilliseconds + Int64(statement.request.lifetime) * 1000
        // Deployed clients decode base64url with a decoder for plain base64.
        var claims = ClaimsWriter(.plainBase64)
        claims.add("exp", String(expiresAt))
        claims.add("id", statement.request.identifier)
        claims.add("organization_id", statement.request.organization)
        claims.add("verification_type", verificationType(statement.proven.channels.first ?? .sms))
        claims.add("contact", statement.proven.contact.value)
        claims.add("public_key", statement.clientKey.compressedHexadecimal)
        return (claims.finish(), expiresAt)
    }

    /// - Throws: `tokenMalformed` unless every claim is there, `tokenForeign` for another organization's.
    static func read(_ claims: JSONValue, in scope: TokenScope) throws(TokenFault) -> VerifiedClient {
        guard let identifier = claims["id"]?.text, let organization = claims["organization_id"]?.text,
            let type = claims["verification_type"]?.text, let contact = claims["contact"]?.text,
            let key = claims["public_key"]?.text.flatMap({ try? P256PublicKey(compressedHexadecimal: $0) }),
            let expiresAt = claims["exp"]?.text.flatMap({ Int64($0) })
        else { throw .tokenMalformed }
        guard organization == scope.organization else { throw .tokenForeign }
        let kind: ContactAddress.Kind = type == verificationType(.email) ? .email : .phone
        return VerifiedClient(
            token: identifier, contact: ContactAddress(kind: kind, value: contact), key: key, expiresAt: expiresAt)
    }

    private static func verificationType(_ channel: Channel) -> String {
        switch channel {
        case .email: "OTP_TYPE_EMAIL"
        case .sms: "OTP_TYPE_SMS"
        case .whatsapp: "OTP_TYPE_WHATSAPP"
        case .voice: "OTP_TYPE_VOICE"
        }
    }
}
