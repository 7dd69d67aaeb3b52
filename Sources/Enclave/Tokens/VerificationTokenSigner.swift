import EnclaveLink
import JOSE

/// Writes and signs verification tokens, each flow's in its own spelling.
struct VerificationTokenSigner: Sendable {
    let subjectKeys: SubjectKeys

    /// - Returns: the token and its end in Unix milliseconds.
    /// - Throws: `keyRefused` if the key cannot sign.
    func sign(
        _ statement: VerificationStatement, flow: SealedFlow, with key: SigningKey, now: EnclaveInstant
    ) throws(EnclaveError) -> (token: VerificationToken, expiresAt: Int64) {
        switch flow {
        case .turnkey:
            let (payload, expiresAt) = TurnkeyVerificationClaims.write(statement, now: now)
            let input = JSONWebSignature.signingInput(encodedHeader: TurnkeyHeader.encoded, payload: payload)
            let token = JSONWebSignature.assemble(signingInput: input, signature: try key.sign(input))
            return (VerificationToken(token), expiresAt)
        case .countersign:
            let subject = subjectKeys.subject(of: statement.proven)
            let (payload, expiresAt) = VerificationClaims.write(statement, subject: subject, now: now)
            return (VerificationToken(try key.signCompact(type: flow.verificationType, payload: payload)), expiresAt)
        }
    }
}
