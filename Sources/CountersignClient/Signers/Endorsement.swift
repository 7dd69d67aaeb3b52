internal import JOSE
internal import SealedPasscodes

/// A statement by which one pinned key names its successor: a JWS of type `key-endorsement+jwt` by the older one.
struct Endorsement: Sendable, Hashable {
    static let type = "key-endorsement+jwt"

    let previous: PublicKey
    let next: PublicKey
    /// What both keys are for.
    let purpose: String

    /// Reads an endorsement that `previous` signed; nil for anything else.
    init?(_ compact: String) {
        let parts = compact.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = try? Base64URL.decode(Array(parts[1])[...]),
            let claims = try? JSONValue(parsing: payload), let previous = Self.key(claims["previous"]),
            let next = Self.key(claims["next"]), let purpose = claims["purpose"]?.text,
            let keys = try? JSONWebKeySet([previous.identifiedByThumbprint()])
        else { return nil }
        let verified = try? JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(compact)
        guard let verified, verified.header.isOfType(Self.type), let older = try? P256PublicKey(previous),
            let newer = try? P256PublicKey(next)
        else { return nil }
        self.previous = PublicKey(older)
        self.next = PublicKey(newer)
        self.purpose = purpose
    }

    private static func key(_ holder: JSONValue?) -> JSONWebKey? { holder?["jwk"].flatMap { try? JSONWebKey($0) } }
}
