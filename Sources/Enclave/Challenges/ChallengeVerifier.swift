import EnclaveLink

/// Decides attempts that come in the clear. Everything that can refuse one comes before the comparison, and the count
/// comes before it too.
struct ChallengeVerifier: Sendable {
    /// What an attempt comes to before a token is signed.
    enum Finding: Sendable {
        case outcome(AttemptOutcome)
        /// The code matched and the challenge is used up: what is left is to sign.
        case matched(IdentityStatement, SigningKey)
    }

    let issuer: ChallengeIssuer
    let counter: AttemptCounter
    let deliveries: DeliveryLedger
    let keys: SigningKeyRing
    private let decoy: Decoy

    init(
        issuer: ChallengeIssuer, counter: AttemptCounter, deliveries: DeliveryLedger, keys: SigningKeyRing
    ) throws(EnclaveError) {
        self.issuer = issuer
        self.counter = counter
        self.deliveries = deliveries
        self.keys = keys
        decoy = try Decoy(issuer: issuer)
    }

    /// - Throws: `sealRefused`, `keyRefused` and `requestRefused` before anything is counted; `overloaded` if the
    ///   ledger is full.
    func examine(_ attempt: AttemptChallenge, now: EnclaveInstant) throws(EnclaveError) -> Finding {
        try attempt.token.check()
        let key = try keys.identityKey(attempt.token.keyIdentifier)
        guard let record = attempt.challenge else { return try refuseLikeWrong(attempt, now: now) }
        guard let secret = try issuer.open(record) else { return .outcome(.madeBeforeBoot) }
        guard key.purpose == .identity(secret.mode) else { throw EnclaveError(.keyRefused) }
        // A sealed challenge takes sealed attempts only. To one in the clear it is as if nothing had been sent.
        guard secret.target == nil else { return try refuseLikeWrong(attempt, now: now) }
        if let refusal = try counter.refusal(of: secret, at: record, now: now) {
            return .outcome(AttemptOutcome(refusal))
        }
        let isMeant = (secret.claims ?? ChallengeClaims()).match(attempt.claims)
        guard CodeComparison.matches(attempt.code, secret.code, alphabet: secret.alphabet), isMeant else {
            return .outcome(.wrong)
        }
        guard counter.spend(secret, at: record) else { return .outcome(.spent) }
        let proven = ProvenContact(secret, at: record, deliveries)
        return .matched(IdentityStatement(proven: proven, claims: secret.claims, request: attempt.token), key)
    }

    /// The work of a wrong attempt, for a contact to which nothing was sent: the same time, the same answer.
    private func refuseLikeWrong(_ attempt: AttemptChallenge, now: EnclaveInstant) throws(EnclaveError) -> Finding {
        if let secret = try issuer.open(decoy.record) {
            _ = try counter.refusal(of: secret, at: decoy.record, now: now)
            _ = ChallengeClaims().match(attempt.claims)
            _ = CodeComparison.matches(attempt.code, secret.code, alphabet: secret.alphabet)
        }
        return .outcome(.wrong)
    }
}

extension AttemptOutcome {
    fileprivate init(_ refusal: AttemptCounter.Refusal) {
        switch refusal {
        case .expired: self = .expired
        case .locked: self = .locked
        case .spent: self = .spent
        }
    }
}

extension ProvenContact {
    /// Where nothing was sent, as in test, the channel is the first of the wish.
    init(_ secret: ChallengeSecret, at record: SealedRecord, _ deliveries: DeliveryLedger) {
        let used = deliveries.channels(of: secret.digest(at: record))
        self.init(
            workspace: record.workspace, mode: secret.mode, contact: secret.contact,
            channels: used.isEmpty ? Array(secret.channels.prefix(1)) : Channel.allCases.filter(used.contains))
    }
}
