import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Tries a sealed code: a verification token, once. Counted here, durably, before the enclave opens the attempt.
    ///
    /// Throws `challengeUnknown` for another workspace's, mode's, flow's or purpose's as for none, `invalidCode`, `codeExpired`,
    /// `tooManyAttempts`, `codeSpent`, `madeBeforeRestart`, `attemptRefused` with what is wrong with its content.
    public func attemptSealed(
        _ request: SealedAttemptRequest, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> Verification {
        let caller = caller.inSealedFlow
        try caller.requireActive()
        let greeting = try presentEnclave()
        let token = try tokenRequest(for: request, caller)
        let attempt = try await countSealedAttempt(request, boot: greeting.boot, caller: caller)
        let outcome = try await enclave.ask(
            AttemptSealedChallenge(
                challenge: attempt.challenge.record, flow: request.flow, attempt: request.attempt, token: token))
        do throws(PasscodeError) {
            return try await conclude(outcome, attempt: attempt, caller: caller)
        } catch {
            // The row was locked when the attempt was counted; that it stays so is known only now.
            if error.attemptsRemaining == 0 { try await tellLocked(attempt.challenge) }
            throw error
        }
    }

    /// A sealed attempt that was counted.
    private struct CountedSealedAttempt: Sendable {
        /// As it was before: the last attempt empties the row.
        var challenge: Challenge
        var remaining: Int
        /// True after too many wrong codes for the contact, on all its challenges: whatever is sealed is wrong. The
        /// enclave is asked all the same, so that the answer takes as long.
        var isFutile: Bool
    }

    private func tokenRequest(
        for request: SealedAttemptRequest, _ caller: PasscodeCaller
    ) throws(PasscodeError) -> VerificationTokenRequest {
        let lifetime = request.tokenLifetime ?? caller.workspace.settings.verificationTokenSeconds
        // The enclave refuses it too; here the attempt is not even counted.
        guard VerificationTokenRequest.lifetimes.contains(lifetime) else {
            throw .workspace(.invalidSetting("a verification token lives 1 to 86400 seconds"))
        }
        return VerificationTokenRequest(
            identifier: RandomIdentifier.uuid(),
            keyIdentifier: try signingKeys.current(request.flow.verificationPurpose(caller.mode)), issuer: issuer,
            organization: request.flow.organization(of: caller.workspace), lifetime: lifetime)
    }

    private func countSealedAttempt(
        _ request: SealedAttemptRequest, boot: BootIdentifier, caller: PasscodeCaller
    ) async throws(PasscodeError) -> CountedSealedAttempt {
        let now = clock.now()
        let workspace = caller.workspace.id
        return try await database.write(throwing: PasscodeError.self) { transaction in
            guard let challenge = try Challenge.find(request.challenge, workspace: workspace, in: transaction),
                challenge.flow == request.flow, challenge.purpose == request.purpose, challenge.mode == caller.mode
            else { throw PasscodeError.challengeUnknown() }
            try Self.requireOpen(challenge, boot: boot, now: now)
            let limit = challenge.attemptLimit
            let count = try AttemptCount.take(
                challenge.id, workspace: workspace, limit: limit, expiresAt: challenge.expiresAt, in: transaction)
            guard let count else { throw PasscodeError.tooManyAttempts(retryAfter: 0) }
            if count.used >= limit { try Challenge.lock(challenge.id, workspace: workspace, in: transaction) }
            // A test code is no secret and counts against nobody.
            let isOpen = try caller.mode == .test || ContactFailures(of: challenge).add(now: now, in: transaction)
            try self.audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .challengeAttempted, record: challenge.id,
                    origin: caller.origin, subject: AuditSubject(digest: challenge.contact),
                    detail: "\(count.used) of \(limit)"), in: transaction)
            return CountedSealedAttempt(challenge: challenge, remaining: limit - count.used, isFutile: !isOpen)
        }
    }

    /// What has ended says how, and costs no attempt.
    private static func requireOpen(_ challenge: Challenge, boot: BootIdentifier, now: Int64) throws(PasscodeError) {
        switch challenge.state {
        case .verified: throw .codeSpent()
        // Another code can be asked for at once.
        case .locked: throw .tooManyAttempts(retryAfter: 0)
        case .expired, .canceled: throw .codeExpired()
        case .pending:
            guard challenge.expiresAt > now else { throw .codeExpired() }
            guard challenge.boot == boot else { throw .madeBeforeRestart() }
        }
    }

    private func conclude(
        _ outcome: SealedAttemptOutcome, attempt: CountedSealedAttempt, caller: PasscodeCaller
    ) async throws(PasscodeError) -> Verification {
        switch outcome {
        case .verified where attempt.isFutile, .spent where attempt.isFutile:
            throw .invalidCode(remaining: attempt.remaining)
        case .verified(let token, let expiresAt):
            guard try await takeSuccess(of: attempt.challenge, caller: caller) else { throw .codeSpent() }
            return Verification(token: token, expiresAt: expiresAt)
        // The enclave locks what is not locked here where the contact has had too many wrong codes, which is nobody's
        // business: the challenge then counts down like any other.
        case .wrong, .locked: throw .invalidCode(remaining: attempt.remaining)
        case .notOpened: throw .attemptRefused(.notOpened, remaining: attempt.remaining)
        case .malformedContent: throw .attemptRefused(.malformedContent, remaining: attempt.remaining)
        case .malformedKey: throw .attemptRefused(.malformedKey, remaining: attempt.remaining)
        case .uncompressedKey: throw .attemptRefused(.uncompressedKey, remaining: attempt.remaining)
        case .expired: throw .codeExpired()
        case .spent: throw .codeSpent()
        case .madeBeforeBoot: throw .madeBeforeRestart()
        }
    }

    private func tellLocked(_ challenge: Challenge) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            let current = try Challenge.find(challenge.id, workspace: challenge.workspace, in: transaction)
            // A right attempt that was counted before the last one takes its success all the same.
            guard current?.state == .locked else { return }
            try self.tell(.locked, of: challenge, at: now, in: transaction)
        }
    }

    private func takeSuccess(of challenge: Challenge, caller: PasscodeCaller) async throws(PasscodeError) -> Bool {
        let entry = verifiedEntry(challenge, caller: caller)
        return try await database.write(throwing: PasscodeError.self) { transaction in
            guard
                try Challenge.takeSealedSuccess(challenge.id, workspace: challenge.workspace, in: transaction)
            else { return false }
            try ContactFailures(of: challenge).clear(in: transaction)
            try self.noteVerified(challenge, in: transaction)
            try self.audit.append(entry, in: transaction)
            try self.tell(.verified, of: challenge, at: entry.time, in: transaction)
            return true
        }
    }
}
