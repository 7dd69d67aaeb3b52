import EnclaveLink
import SealedPasscodes

/// What a verification token will state: who asked for it chooses name, issuer and lifetime, nothing else.
struct VerificationStatement: Sendable {
    let proven: ProvenContact
    /// The key that came sealed with the right code.
    let clientKey: P256PublicKey
    let request: VerificationTokenRequest
}

extension VerificationTokenRequest {
    /// - Throws: `requestRefused` if lifetime, identifier or a name is out of range.
    func check() throws(EnclaveError) {
        guard
            Self.lifetimes.contains(lifetime), ChallengeIssuer.identifierLengths.contains(identifier.utf8.count),
            IdentityTokenRequest.nameLengths.contains(issuer.utf8.count),
            IdentityTokenRequest.nameLengths.contains(organization.utf8.count)
        else { throw EnclaveError(.requestRefused) }
    }
}
