import Encodings
import JOSE

/// Our own spelling of a target bundle: a compact ES256 JWS of type `target+jwt`, with the target key as a JWK.
public struct TargetToken: Equatable, Sendable {
    public static let type = "target+jwt"

    public let content: TargetBundle.Content

    /// The payload that the enclave signs.
    public static func payload(_ content: TargetBundle.Content, issuer: String) -> [UInt8] {
        Array(
            """
            {"iss":\(JSONText.quoted(issuer)),"sub":\(JSONText.quoted(content.challenge)),\
            "aud":\(JSONText.quoted(content.organization)),"exp":\(content.expiresAt / 1000),\
            "jwk":\(content.target.jsonWebKey)}
            """.utf8)
    }

    /// What the token says, once it is known to be the pinned signer's, for this challenge, and alive at `now`.
    /// - Parameter now: Unix milliseconds.
    /// - Throws: `malformedBundle`, `signatureInvalid`, `wrongChallenge`, `expired`, `malformedPoint`.
    public init(
        _ compact: String, pinned: P256PublicKey, challenge: String, now: Int64
    ) throws(SealedPasscodeError) {
        guard let key = try? JSONWebKey(p256Uncompressed: pinned.uncompressed).identifiedByThumbprint(),
            let keys = try? JSONWebKeySet([key])
        else { throw SealedPasscodeError(.malformedPoint) }
        let verified: JSONWebSignatureVerifier.Verified
        do {
            verified = try JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(compact)
        } catch {
            switch error.code {
            case .unknownKey: throw SealedPasscodeError(.wrongSigner)
            case .signatureInvalid: throw SealedPasscodeError(.signatureInvalid)
            default: throw SealedPasscodeError(.malformedBundle)
            }
        }
        guard verified.header.isOfType(Self.type), let claims = try? JSONValue(parsing: verified.payload),
            let organization = claims["aud"]?.text, let subject = claims["sub"]?.text,
            case .integer(let expiry)? = claims["exp"], 0...Int64.max / 1000 ~= expiry, let jwk = claims["jwk"],
            let target = try? JSONWebKey(jwk)
        else { throw SealedPasscodeError(.malformedBundle) }
        content = TargetBundle.Content(
            target: try P256PublicKey(target), organization: organization, challenge: subject,
            expiresAt: expiry * 1000)
        guard subject == challenge else { throw SealedPasscodeError(.wrongChallenge) }
        guard now < content.expiresAt else { throw SealedPasscodeError(.expired) }
    }
}
