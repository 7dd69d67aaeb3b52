import EnclaveLink
import JOSE

/// Has a key that clients pin name its successor.
struct KeyEndorser: Sendable {
    static let type = "key-endorsement+jwt"
    let keys: SigningKeyRing

    /// - Throws: `requestRefused` for a purpose that nobody pins, a key that endorses itself, or an issuer out of range;
    ///   `keyRefused` unless both keys are loaded for that purpose.
    func endorse(_ request: EndorseSigningKey, now: EnclaveInstant) throws(EnclaveError) -> KeyEndorsement {
        guard request.purpose.isPinned, request.signer != request.successor,
            IdentityTokenRequest.nameLengths.contains(request.issuer.utf8.count)
        else {
            throw EnclaveError(.requestRefused)
        }
        let signer = try keys.key(request.signer, for: request.purpose)
        let successor = try keys.key(request.successor, for: request.purpose)
        var claims = ClaimsWriter()
        claims.add("iss", request.issuer)
        claims.add("iat", now.unixMilliseconds / 1000)
        claims.add("purpose", request.purpose.rawValue)
        claims.add("previous", json: #"{"jwk":\#(signer.publicKey.json)}"#)
        claims.add("next", json: #"{"jwk":\#(successor.publicKey.json)}"#)
        return KeyEndorsement(statement: try signer.signCompact(type: Self.type, payload: claims.finish()))
    }
}

extension SigningKeyPurpose {
    /// True for the keys that clients pin, and whose rotation they follow by an endorsement.
    fileprivate var isPinned: Bool {
        switch self {
        case .enclave, .enclaveTest, .notary, .notaryTest: true
        case .identity, .identityTest, .session, .sessionTest, .permission, .permissionTest: false
        }
    }
}
