import EnclaveLink
import JOSE

/// What one of our own session tokens says, once its signature holds (RFC 7515, RFC 7519, RFC 7800).
struct SessionStatement: Equatable, Sendable {
    static let type = "session+jwt"

    let workspace: String
    let session: String
    let user: String
    /// Of the key that signed: a test key vouches for no live session.
    let mode: ChallengeMode
    /// The thumbprint of the key that the session belongs to.
    let keyThumbprint: String

    /// Reads a token that one of the published session keys signed for `issuer`, and that is valid at `now`, in Unix
    /// milliseconds. Throws `sessionUnknown`.
    init(_ token: String, keys: [SigningKey], issuer: String, now: Int64) throws(PasscodeError) {
        do {
            let (verified, mode) = try Self.verify(token, keys: keys)
            let claims = try JSONWebTokenClaims(json: verified.payload)
            let seconds = Double(now) / 1000
            guard verified.header.isOfType(Self.type), claims.issuer == issuer, claims.audience.count == 1,
                let expiration = claims.expiration, seconds < expiration,
                claims.notBefore.map({ $0 <= seconds }) ?? true,
                let user = claims.subject, let session = claims["sid"]?.text,
                let thumbprint = claims["cnf"]?["jkt"]?.text
            else { throw JOSEError(.malformedClaims) }
            workspace = claims.audience[0]
            self.session = session
            self.user = user
            self.mode = mode
            keyThumbprint = thumbprint
        } catch {
            throw .sessionUnknown()
        }
    }

    /// Only the key that the header names is tried, and only for the algorithm that all of ours have.
    private static func verify(
        _ token: String, keys: [SigningKey]
    ) throws(JOSEError) -> (JSONWebSignatureVerifier.Verified, ChallengeMode) {
        let header = try JSONWebSignatureHeader(
            json: Base64URL.decode(Array(token.utf8.prefix { $0 != UInt8(ascii: ".") })[...]))
        for mode in ChallengeMode.allCases {
            for key in keys where key.purpose == .session(mode) && key.id == header.keyIdentifier {
                let set = try JSONWebKeySet([JSONWebKey(json: Array(key.publicKey.utf8))])
                return (try JSONWebSignatureVerifier(keys: set, algorithms: [.es256]).verify(token), mode)
            }
        }
        throw JOSEError(.unknownKey)
    }
}
