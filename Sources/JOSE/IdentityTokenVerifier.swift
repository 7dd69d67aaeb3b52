/// Checks an identity token as its receiver must: signature, `typ`, `iss`, `aud`, `exp` and `nbf` (RFC 7519 §7.2,
/// RFC 8725 §3.8 to §3.11). All expectations are stated; none has a default that takes anything.
public struct IdentityTokenVerifier: Sendable {
    private let signatures: JSONWebSignatureVerifier
    private let issuer: String
    private let audience: String
    private let type: String
    private let leeway: Double

    /// - Parameters:
    ///   - signatures: the keys and algorithms that may have signed.
    ///   - issuer: the exact `iss`.
    ///   - audience: must be one of `aud`.
    ///   - type: the `typ` of the header, such as `JWT`.
    ///   - leeway: how many seconds two clocks may differ; 0 or more.
    public init(
        signatures: JSONWebSignatureVerifier, issuer: String, audience: String, type: String, leeway: Double = 0
    ) {
        self.signatures = signatures
        self.issuer = issuer
        self.audience = audience
        self.type = type
        self.leeway = max(0, leeway)
    }

    /// The claims of `token` if it is good at `now`, in seconds since 1970.
    /// - Throws: ``JOSEError``: what ``JSONWebSignatureVerifier/verify(_:)`` and claim reading throw, `wrongType`,
    ///   `wrongIssuer`, `wrongAudience`, `expired` or `notYetValid`.
    public func verify(_ token: String, now: Double) throws(JOSEError) -> JSONWebTokenClaims {
        let verified = try signatures.verify(token)
        guard verified.header.isOfType(type) else { throw JOSEError(.wrongType) }
        let claims = try JSONWebTokenClaims(json: verified.payload)
        guard claims.issuer == issuer else { throw JOSEError(.wrongIssuer) }
        guard claims.audience.contains(audience) else { throw JOSEError(.wrongAudience) }
        guard let expiration = claims.expiration, now < expiration + leeway else { throw JOSEError(.expired) }
        if let notBefore = claims.notBefore, notBefore > now + leeway { throw JOSEError(.notYetValid) }
        return claims
    }
}
