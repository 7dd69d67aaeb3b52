import EnclaveLink

/// Decides attempts. Everything that can refuse one comes before the comparison, and the count comes before it too.
struct ChallengeVerifier: Sendable {
    /// What an attempt comes to before a token is signed.
    enum Finding: Sendable {
        case outcome(AttemptOutcome)
        /// The code matched and the challenge is used up: what is left is to sign.
        case matched(IdentityStatement, SigningKey)
    }

    let issuer: ChallengeIssuer
    let ledger: AttemptLedger
    let contacts: ContactLedger
    let keys: SigningKeyRing
    private let decoy: Decoy

    init(
        issuer: ChallengeIssuer, ledger: AttemptLedger, contacts: ContactLedger, keys: SigningKeyRing
    ) throws(EnclaveError) {
        self.issuer = issuer
        self.ledger = ledger
        self.contacts = contacts
        self.keys = keys
        decoy = try Decoy(issuer: issuer)
    }

    /// - Throws: `sealRefused`, `keyRefused` and `requestRefused` before anything is counted; `overloaded` if the
    ///   ledger is full.
    func examine(_ attempt: AttemptChallenge, now: EnclaveInstant) throws(EnclaveError) -> Finding {
        try attempt.token.check()
        let key = try keys.identityKey(attempt.token.keyIdentifier)
        guard let record = attempt.challenge else {
            try refuseLikeWrong(attempt.code, now: now)
            return .outcome(.wrong)
        }
        let secret = try issuer.open(record)
        guard key.purpose == Self.purpose(secret.mode) else { throw EnclaveError(.keyRefused) }
        if let refusal = try refusal(of: secret, at: record, code: attempt.code, now: now) { return .outcome(refusal) }
        let statement = IdentityStatement(
            workspace: record.workspace, mode: secret.mode, contact: secret.contact, channel: secret.channel,
            request: attempt.token)
        return .matched(statement, key)
    }

    private func refusal(
        of secret: ChallengeSecret, at record: SealedRecord, code: PresentedCode, now: EnclaveInstant
    ) throws(EnclaveError) -> AttemptOutcome? {
        guard secret.boot == issuer.boot else { return .madeBeforeBoot }
        guard now.steadyMilliseconds < secret.steadyExpiry else { return .expired }
        let digest = ChallengeDigest(workspace: record.workspace, challenge: record.record)
        switch ledger.admit(digest, limit: secret.attemptLimit, expiry: secret.steadyExpiry, now: now) {
        case .full: throw EnclaveError(.overloaded)
        case .locked: return .locked
        case .spent: return .spent
        case .compare: break
        }
        guard try countContact(of: secret, now: now) else { return .locked }
        guard CodeComparison.matches(code, secret.code, alphabet: secret.alphabet) else { return .wrong }
        guard ledger.spend(digest) else { return .spent }
        contacts.clear(ChallengeDigest(contact: secret.contact))
        return nil
    }

    /// Counts the attempt against its contact. A test code is no secret and counts against nobody.
    /// - Returns: false if nothing may be compared for this contact.
    private func countContact(of secret: ChallengeSecret, now: EnclaveInstant) throws(EnclaveError) -> Bool {
        guard secret.mode == .live else { return true }
        let admission = contacts.admit(ChallengeDigest(contact: secret.contact), now: now)
        if admission == .full { throw EnclaveError(.overloaded) }
        return admission == .compare
    }

    /// The work of a wrong attempt, for a contact to which nothing was sent: the same time, the same answer.
    private func refuseLikeWrong(_ code: PresentedCode, now: EnclaveInstant) throws(EnclaveError) {
        let secret = try issuer.open(decoy.record)
        guard issuer.isAlive(secret, now: now) else { return }
        let digest = ChallengeDigest(workspace: decoy.record.workspace, challenge: decoy.record.record)
        _ = ledger.admit(digest, limit: secret.attemptLimit, expiry: secret.steadyExpiry, now: now)
        _ = try countContact(of: secret, now: now)
        _ = CodeComparison.matches(code, secret.code, alphabet: secret.alphabet)
    }

    private static func purpose(_ mode: ChallengeMode) -> SigningKeyPurpose {
        switch mode {
        case .live: .identity
        case .test: .identityTest
        }
    }
}
