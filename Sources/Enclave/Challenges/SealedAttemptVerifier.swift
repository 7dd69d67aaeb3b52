import EnclaveLink
import SealedPasscodes

/// Decides sealed attempts. Each is counted before it is opened, so that whatever was sealed, and however often, no
/// challenge has more guesses than its limit.
struct SealedAttemptVerifier: Sendable {
    let issuer: ChallengeIssuer
    let counter: AttemptCounter
    let deliveries: DeliveryLedger
    let keys: SigningKeyRing
    let tokens: VerificationTokenSigner

    /// - Throws: before anything is counted, `sealRefused`, `keyRefused`, and `requestRefused` for a challenge of another
    ///   flow or organization or one whose attempts come in the clear; `overloaded` if a ledger is full.
    func decide(_ request: AttemptSealedChallenge, now: EnclaveInstant) throws(EnclaveError) -> SealedAttemptOutcome {
        try request.token.check()
        let record = request.challenge
        guard let secret = try issuer.open(record) else { return .madeBeforeBoot }
        guard let target = secret.target, target.flow == request.flow,
            target.organization == request.token.organization
        else { throw EnclaveError(.requestRefused) }
        let key = try keys.key(request.token.keyIdentifier, for: target.flow.verificationPurpose(secret.mode))
        if let refusal = try counter.refusal(of: secret, at: record, now: now) { return SealedAttemptOutcome(refusal) }
        let agreementKey = try target.key.agreementKey()
        let content: AttemptContent
        do { content = try request.attempt.open(with: agreementKey) } catch { return SealedAttemptOutcome(error) }
        let matches = CodeComparison.matches(PresentedCode(content.code), secret.code, alphabet: secret.alphabet)
        guard matches, !target.isDecoy else { return .wrong }
        guard counter.spend(secret, at: record) else { return .spent }
        let statement = VerificationStatement(
            proven: ProvenContact(secret, at: record, deliveries), clientKey: content.publicKey,
            request: request.token)
        let (token, expiresAt) = try tokens.sign(statement, flow: target.flow, with: key, now: now)
        return .verified(token, expiresAt: expiresAt)
    }
}

extension SealedAttemptOutcome {
    fileprivate init(_ refusal: AttemptCounter.Refusal) {
        switch refusal {
        case .expired: self = .expired
        case .locked: self = .locked
        case .spent: self = .spent
        }
    }

    /// What opening an attempt and reading its content can find.
    fileprivate init(_ error: SealedPasscodeError) {
        switch error.code {
        case .malformedContent: self = .malformedContent
        case .malformedPoint: self = .malformedKey
        case .uncompressedPoint: self = .uncompressedKey
        default: self = .notOpened
        }
    }
}
