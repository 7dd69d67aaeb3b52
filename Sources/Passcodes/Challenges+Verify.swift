import AuditLog
import EnclaveLink
import Encodings
import Storage
import Workspaces

extension Challenges {
    /// Verifies a code: an identity token, once.
    ///
    /// The attempt is counted here, durably, before the enclave sees it, and once more in the enclave before it
    /// compares. A contact to which nothing was sent takes the same steps and answers like a wrong code.
    /// Whoever says that a code is for something else than what it was made for has a wrong one.
    /// Throws `invalidCode`, `codeExpired`, `tooManyAttempts`, `madeBeforeRestart`, `unavailable`, and `challengeUnknown` for
    /// an identifier of another workspace's or mode's as for none.
    public func verify(
        _ target: VerificationTarget, code: PresentedCode, claims: PasscodeClaims = PasscodeClaims(),
        for caller: PasscodeCaller
    ) async throws(PasscodeError) -> IdentityToken {
        try caller.requireActive()
        let greeting = try presentEnclave()
        let (person, caller) = try await person(target, enclave: greeting, caller: caller)
        let token = IdentityTokenRequest(
            issuer: issuer, audience: caller.workspace.id,
            keyIdentifier: try signingKeys.current(caller.mode == .live ? .identity : .identityTest),
            lifetime: Self.identityTokenLifetime)
        let attempt = try await countAttempt(person, at: target.identifier, boot: greeting.boot, caller: caller)
        let outcome = try await enclave.ask(
            AttemptChallenge(challenge: attempt.sealed, code: code, token: token, claims: claims.sealed))
        return try await conclude(outcome, attempt: attempt, caller: caller)
    }

    /// Whose code it is, and as whom the caller tries it.
    private func person(
        _ target: VerificationTarget, enclave greeting: Greeting, caller: PasscodeCaller
    ) async throws(PasscodeError) -> (AuditSubject, PasscodeCaller) {
        switch target {
        case .contact(let contact):
            try requireReal(contact)
            let person = AuditSubject(
                digest: ContactIndex(key: greeting.contactIndexKey)
                    .digest(of: contact.address, workspace: caller.workspace.id),
                contact: contact.address.value)
            let recipient = caller.mode == .live ? try await testRecipient(contact, of: caller) : nil
            return (person, recipient == nil ? caller : caller.tryingFixedCodes)
        case .passcode(let identifier):
            let found = try await database.read(throwing: PasscodeError.self) { transaction in
                try self.find(identifier, for: caller, in: transaction)
            }
            guard found.flow == nil else { throw .challengeUnknown() }
            return (
                AuditSubject(digest: found.contact),
                found.isFixed && caller.mode == .live ? caller.tryingFixedCodes : caller
            )
        }
    }

    /// An attempt that was counted.
    private struct CountedAttempt: Sendable {
        /// Nil where nothing was sent.
        var challenge: Challenge?
        var remaining: Int

        /// What the enclave compares with: nothing for a code that was used, which answers as if none was sent.
        var sealed: SealedRecord? { challenge?.state == .pending ? challenge?.record : nil }
    }

    private func countAttempt(
        _ person: AuditSubject, at identifier: String?, boot: BootIdentifier, caller: PasscodeCaller
    ) async throws(PasscodeError) -> CountedAttempt {
        let now = clock.now()
        let unsentExpiry = unsentExpiry(settings: caller.workspace.settings, now: now)
        return try await database.write(throwing: PasscodeError.self) { transaction in
            let challenge = try Challenge.latest(
                workspace: caller.workspace.id, mode: caller.mode, contact: person.digest, in: transaction)
            // Of a contact's codes the newest alone counts, by whichever name it is asked for: no resend adds guesses.
            if let identifier, challenge?.id != identifier { throw PasscodeError.codeExpired() }
            // A code that a test key was told is none for a live one.
            if let challenge, !challenge.isOf(caller) { throw PasscodeError.codeExpired() }
            if let challenge { try self.checkAlive(challenge, boot: boot, now: now) }
            let subject = challenge?.id ?? "\(caller.mode.rawValue) \(Hexadecimal.encode(person.digest))"
            let limit = challenge?.attemptLimit ?? WorkspaceSettings.attemptLimit
            let count = try self.takeAttempt(
                subject, limit: limit, expiresAt: challenge?.expiresAt ?? unsentExpiry, now: now, caller: caller,
                in: transaction)
            if let challenge { try self.checkFailures(challenge, used: count.used, now: now) }
            try self.audit.append(
                AuditEntry(
                    workspace: caller.workspace.id, time: now, action: .challengeAttempted,
                    // A contact to which nothing was sent is named in no entry that cannot be erased.
                    record: challenge?.id ?? "", origin: caller.origin, subject: person,
                    detail: "\(count.used) of \(limit)"), in: transaction)
            return CountedAttempt(challenge: challenge, remaining: limit - count.used)
        }
    }

    private func checkAlive(_ challenge: Challenge, boot: BootIdentifier, now: Int64) throws(PasscodeError) {
        guard challenge.expiresAt > now else { throw .codeExpired() }
        // The enclave refuses it too; here the attempt is not even counted.
        guard challenge.boot == boot || challenge.state == .verified else { throw .madeBeforeRestart() }
    }

    private func takeAttempt(
        _ subject: String, limit: Int, expiresAt: Int64, now: Int64, caller: PasscodeCaller,
        in transaction: any Transaction
    ) throws -> AttemptCount {
        let workspace = caller.workspace.id
        let taken = try AttemptCount.take(
            subject, workspace: workspace, limit: limit, expiresAt: expiresAt, in: transaction)
        let count = try taken ?? AttemptCount.read(subject, workspace: workspace, in: transaction)
        guard count.expiresAt > now else { throw PasscodeError.codeExpired() }
        guard taken != nil else { throw PasscodeError.tooManyAttempts(retryAfter: seconds(count.expiresAt - now)) }
        return count
    }

    private func checkFailures(_ challenge: Challenge, used: Int, now: Int64) throws(PasscodeError) {
        guard challenge.state == .pending,
            challenge.earlierFailures + used > WorkspaceSettings.consecutiveFailureLimit
        else { return }
        throw .contactClosed(retryAfter: seconds(challenge.expiresAt + Challenge.memory - now))
    }

    /// When a contact to which nothing was sent stops answering like a live challenge: as if a code had gone out at
    /// some moment before, so that the time left tells nothing.
    private func unsentExpiry(settings: WorkspaceSettings, now: Int64) -> Int64 {
        let lifetime = Int64(settings.codeLifetimeSeconds) * 1000
        return now + Int64.random(in: (lifetime / 20)...lifetime)
    }

    private func conclude(
        _ outcome: AttemptOutcome, attempt: CountedAttempt, caller: PasscodeCaller
    ) async throws(PasscodeError) -> IdentityToken {
        switch outcome {
        case .verified(let token):
            guard let challenge = attempt.challenge, try await takeSuccess(challenge, caller: caller) else {
                throw .invalidCode(remaining: attempt.remaining)
            }
            return token
        case .wrong, .spent:
            if attempt.remaining == 0, let challenge = attempt.challenge { try await lock(challenge) }
            throw .invalidCode(remaining: attempt.remaining)
        case .expired: throw .codeExpired()
        case .madeBeforeBoot: throw .madeBeforeRestart()
        case .locked:
            let end = attempt.challenge?.expiresAt ?? clock.now()
            throw .tooManyAttempts(retryAfter: max(1, seconds(end - clock.now())))
        }
    }

    private func takeSuccess(_ challenge: Challenge, caller: PasscodeCaller) async throws(PasscodeError) -> Bool {
        let entry = verifiedEntry(challenge, caller: caller)
        return try await database.write(throwing: PasscodeError.self) { transaction in
            guard try Challenge.takeSuccess(challenge.id, workspace: challenge.workspace, in: transaction) else {
                return false
            }
            try self.noteVerified(challenge, in: transaction)
            try self.audit.append(entry, in: transaction)
            try self.tell(.verified, of: challenge, at: entry.time, in: transaction)
            return true
        }
    }

    /// Marks a challenge whose last attempt was wrong.
    private func lock(_ challenge: Challenge) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            guard try Challenge.lockPlain(challenge.id, workspace: challenge.workspace, in: transaction) else { return }
            try self.tell(.locked, of: challenge, at: now, in: transaction)
        }
    }

    func verifiedEntry(_ challenge: Challenge, caller: PasscodeCaller) -> AuditEntry {
        AuditEntry(
            workspace: challenge.workspace, time: clock.now(), action: .challengeVerified, record: challenge.id,
            origin: caller.origin.again, subject: AuditSubject(digest: challenge.contact),
            detail: challenge.channel.rawValue)
    }
}
