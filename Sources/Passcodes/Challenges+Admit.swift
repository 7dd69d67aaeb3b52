import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Decides, in one unit of work, whether a send may happen, and whether it sends the live code again.
    func admit(
        _ request: SendRequest, fresh: Challenge, subject: SendSubject, caller: PasscodeCaller
    ) async throws(PasscodeError) -> Admission {
        let now = clock.now()
        return try await database.write(throwing: PasscodeError.self) { transaction in
            if let idempotency = request.idempotency,
                let replay = try self.replay(idempotency, fresh: fresh, now: now, in: transaction)
            {
                return replay
            }
            let latest = try self.latest(like: fresh, in: transaction)
            try latest.map { try self.check($0, settings: caller.workspace.settings, now: now) }
            if caller.mode == .live {
                try self.limits.take(subject, from: caller.workspace, now: now, in: transaction)
            }
            let admission = try self.store(fresh, after: latest, now: now, in: transaction)
            try self.record(admission, caller: caller, now: now, in: transaction)
            // A live send is finished when the provider has answered.
            if let idempotency = request.idempotency, caller.mode == .test {
                try SendRecord.finish(
                    idempotency, workspace: fresh.workspace, claim: request.identifier,
                    challenge: admission.challenge.id, in: transaction)
            }
            return admission
        }
    }

    /// The newest challenge of the same contact, with its attempts.
    private struct Predecessor {
        var challenge: Challenge
        var attempts: AttemptCount

        /// Wrong codes in a row up to now.
        var failures: Int {
            challenge.state == .verified ? 0 : challenge.earlierFailures + attempts.used
        }
    }

    private func replay(
        _ idempotency: Idempotency, fresh: Challenge, now: Int64, in transaction: any Transaction
    ) throws -> Admission? {
        let claim = try SendRecord.claim(
            idempotency, workspace: fresh.workspace, challenge: fresh.id, now: now, in: transaction)
        guard case .done(let identifier) = claim else { return nil }
        guard let challenge = try Challenge.find(identifier, workspace: fresh.workspace, in: transaction),
            challenge.mode == fresh.mode
        else { throw PasscodeError.idempotencyKeyReused() }
        return Admission(challenge: challenge, isReplay: true, takenAt: now)
    }

    private func latest(like fresh: Challenge, in transaction: any Transaction) throws -> Predecessor? {
        let latest = try Challenge.latest(
            workspace: fresh.workspace, mode: fresh.mode, contact: fresh.contact, in: transaction)
        // What its day of memory is over for counts no more, whether or not it was pruned yet.
        guard let latest, latest.expiresAt + Challenge.memory > fresh.createdAt else { return nil }
        return Predecessor(
            challenge: latest,
            attempts: try AttemptCount.read(latest.id, workspace: fresh.workspace, in: transaction))
    }

    private func check(_ latest: Predecessor, settings: WorkspaceSettings, now: Int64) throws(PasscodeError) {
        if latest.failures >= WorkspaceSettings.consecutiveFailureLimit {
            throw .contactClosed(retryAfter: seconds(latest.challenge.expiresAt + Challenge.memory - now))
        }
        if let sentAt = latest.challenge.sentAt {
            let end = sentAt + Int64(settings.cooldownSeconds) * 1000
            if end > now { throw .workspace(.cooldown(retryAfter: seconds(end - now))) }
        }
    }

    /// Keeps the live challenge, whose code is sent again, or stores the fresh one. A live code is sent again only
    /// over the channel that it was made for; another channel gets a code of its own, and only the attempts that were left.
    private func store(
        _ fresh: Challenge, after latest: Predecessor?, now: Int64, in transaction: any Transaction
    ) throws -> Admission {
        var challenge = fresh
        challenge.sentAt = now
        challenge.earlierFailures = latest?.failures ?? 0
        // Of two challenges made in one millisecond the later one is the newest all the same.
        if let latest { challenge.createdAt = max(challenge.createdAt, latest.challenge.createdAt + 1) }
        if let latest, latest.challenge.isAlive(at: now, boot: fresh.boot, usedAttempts: latest.attempts.used) {
            if latest.challenge.channel == fresh.channel {
                try Challenge.setSent(latest.challenge.id, workspace: fresh.workspace, at: now, in: transaction)
                return Admission(challenge: latest.challenge, previouslySentAt: latest.challenge.sentAt, takenAt: now)
            }
            challenge.attemptLimit = latest.challenge.attemptLimit - latest.attempts.used
        }
        try challenge.insert(in: transaction)
        return Admission(challenge: challenge, isFresh: true, takenAt: now)
    }

    private func record(
        _ admission: Admission, caller: PasscodeCaller, now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: caller.workspace.id, time: now,
                action: admission.isFresh ? .challengeCreated : .challengeResent, record: admission.challenge.id,
                origin: caller.origin, detail: "\(caller.mode.rawValue) \(admission.challenge.channel.rawValue)"),
            in: transaction)
    }

    func seconds(_ milliseconds: Int64) -> Int { Int((milliseconds + 999) / 1000) }
}
