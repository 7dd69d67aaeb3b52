import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Decides whether a plain code is sent: one at a time for a contact, sent again while it lives.
    func admitPlain(_ send: PlannedSend) async throws(PasscodeError) -> Admission {
        try await admit(send) { transaction, now in
            let latest = try self.latest(like: send.challenge, in: transaction)
            try latest.map { try self.check($0, settings: send.caller.workspace.settings, now: now) }
            try self.requireOpenRange(
                send, isCounted: latest.map { self.isResend($0, send.challenge, now: now) && $0.isCounted } ?? false,
                now: now, in: transaction)
            try self.limits.take(
                send.subject, as: send.caller.mode == .live ? .message : .test, from: send.caller.workspace, now: now,
                in: transaction)
            var fresh = send.challenge
            fresh.traits = send.watched?.traits
            return try self.store(fresh, after: latest, now: now, in: transaction)
        }
    }

    /// The newest challenge of the same contact, with its attempts.
    private struct Predecessor {
        var challenge: Challenge
        var attempts: AttemptCount

        /// Whether the fraud guard counts it as not verified.
        var isCounted: Bool {
            switch challenge.traits?.standing {
            case .counted, .probe: true
            case .uncounted, nil: false
            }
        }

        func isAlive(_ boot: BootIdentifier, now: Int64) -> Bool {
            challenge.isAlive(at: now, boot: boot, usedAttempts: attempts.used)
        }

        /// Wrong codes in a row up to now.
        var failures: Int {
            challenge.state == .verified ? 0 : challenge.earlierFailures + attempts.used
        }
    }

    /// Whether the live code goes out again: for the same thing, over a channel that it was made for. A code for something
    /// else is another code, and no further guesses.
    private func isResend(_ latest: Predecessor, _ fresh: Challenge, now: Int64) -> Bool {
        latest.isAlive(fresh.boot, now: now) && fresh.claims == latest.challenge.claims
            && fresh.isFixed == latest.challenge.isFixed
            && fresh.route.contains(where: latest.challenge.route.contains)
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

    /// Keeps the live challenge, whose code is sent again, or stores the fresh one. A live code is sent again over
    /// the channels that it was made for; another channel gets a code of its own, and only the attempts that were left.
    private func store(
        _ fresh: Challenge, after latest: Predecessor?, now: Int64, in transaction: any Transaction
    ) throws -> Admission {
        var challenge = fresh
        challenge.sentAt = now
        challenge.earlierFailures = latest?.failures ?? 0
        // Of two challenges made in one millisecond the later one is the newest all the same.
        if let latest { challenge.createdAt = max(challenge.createdAt, latest.challenge.createdAt + 1) }
        if let latest, latest.isAlive(fresh.boot, now: now) {
            if isResend(latest, fresh, now: now) {
                var again = latest.challenge
                again.sentAt = now
                if let traits = fresh.traits { again.traits = again.traits?.weightier(traits) ?? traits }
                try again.noteSentAgain(in: transaction)
                return Admission(challenge: again, predecessor: latest.challenge, takenAt: now)
            }
            challenge.attemptLimit = latest.challenge.attemptLimit - latest.attempts.used
        }
        try challenge.insert(in: transaction)
        return Admission(challenge: challenge, isFresh: true, takenAt: now)
    }
}
