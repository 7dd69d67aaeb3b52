import EnclaveLink
import JOSE

/// Checks verification tokens that this enclave signed, under every loaded key that may have signed them.
struct VerificationTokenVerifier: Sendable {
    let keys: SigningKeyRing

    /// What the token says, if it counts in `scope` now.
    func verify(
        _ token: VerificationToken, in scope: TokenScope, now: EnclaveInstant
    ) throws(TokenFault) -> VerifiedClient {
        let verified = try signed(token, scope)
        guard verified.header.isOfType(scope.flow.verificationType),
            let claims = try? JSONValue(parsing: verified.payload)
        else { throw .tokenMalformed }
        let client: VerifiedClient
        switch scope.flow {
        case .turnkey: client = try TurnkeyVerificationClaims.read(claims, in: scope)
        case .countersign: client = try VerificationClaims.read(claims, in: scope)
        }
        guard now.unixMilliseconds < client.expiresAt else { throw .tokenExpired }
        return client
    }

    /// The Turnkey dialect's header names no key, so each loaded one is tried; there are as many as rotation keeps.
    private func signed(
        _ token: VerificationToken, _ scope: TokenScope
    ) throws(TokenFault) -> JSONWebSignatureVerifier.Verified {
        for key in keys.keys(for: scope.flow.verificationPurpose(scope.mode)) {
            do {
                let key = try JSONWebKeySet([key.publicKey])
                return try JSONWebSignatureVerifier(keys: key, algorithms: [.es256]).verify(token.value)
            } catch  where error.code == .signatureInvalid || error.code == .unknownKey {
                continue
            } catch {
                throw .tokenMalformed
            }
        }
        throw .tokenSignature
    }
}
