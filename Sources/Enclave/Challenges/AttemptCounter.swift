import EnclaveLink

/// Counts attempts, for the challenge and for its contact, before anything of them is opened or compared.
struct AttemptCounter: Sendable {
    /// Why an attempt is not looked at.
    enum Refusal: Equatable, Sendable {
        case expired, locked, spent
    }

    let ledger: AttemptLedger
    let contacts: ContactLedger

    /// Nil if the attempt may be compared.
    /// - Throws: `overloaded` if a ledger is full.
    func refusal(
        of secret: ChallengeSecret, at record: SealedRecord, now: EnclaveInstant
    ) throws(EnclaveError) -> Refusal? {
        guard now.steadyMilliseconds < secret.steadyExpiry else { return .expired }
        let digest = secret.digest(at: record)
        if let refusal = try Refusal(
            ledger.admit(digest, limit: secret.attemptLimit, expiry: secret.steadyExpiry, now: now))
        {
            return refusal
        }
        return try Refusal(countContact(of: secret, now: now))
    }

    /// Uses a challenge up after its code matched.
    /// - Returns: true for exactly one caller.
    func spend(_ secret: ChallengeSecret, at record: SealedRecord) -> Bool {
        guard ledger.spend(secret.digest(at: record)) else { return false }
        contacts.clear(ChallengeDigest(contact: secret.contact))
        return true
    }

    /// A test code is no secret and counts against nobody. A decoy's guesses cannot be right: they find the contact
    /// locked when others would, but a stranger must not lock it with them.
    private func countContact(of secret: ChallengeSecret, now: EnclaveInstant) -> AttemptLedger.Admission {
        guard secret.mode == .live else { return .compare }
        let contact = ChallengeDigest(contact: secret.contact)
        return secret.target?.isDecoy == true
            ? contacts.peek(contact, now: now) : contacts.admit(contact, now: now)
    }
}

extension AttemptCounter.Refusal {
    /// - Throws: `overloaded` if the ledger is full.
    fileprivate init?(_ admission: AttemptLedger.Admission) throws(EnclaveError) {
        switch admission {
        case .compare: return nil
        case .locked: self = .locked
        case .spent: self = .spent
        case .expired: self = .expired
        case .full: throw EnclaveError(.overloaded)
        }
    }
}
