import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Decides whether a sealed challenge is made. Each has a code of its own; a decoy takes its place among those in
    /// flight like any other.
    func admitSealed(_ send: PlannedSend, refused: HiddenRefusal?) async throws(PasscodeError) -> Admission {
        try await admit(send, refused: refused) { transaction, now in
            var challenge = send.challenge
            challenge.sentAt = now
            if Self.kind(of: challenge) == .message { try self.requireOpen(challenge, now: now, in: transaction) }
            // In a sandbox every code is the same and known, so that a limit would only stop its users' tests.
            if !send.caller.workspace.settings.sandbox {
                try self.requireRoom(for: challenge, now: now, in: transaction)
            }
            try self.requireOpenRange(send, now: now, in: transaction)
            challenge.traits = send.watched?.traits
            try self.limits.take(
                send.subject, as: Self.kind(of: challenge), from: send.caller.workspace, now: now, in: transaction)
            try challenge.insert(in: transaction)
            return Admission(challenge: challenge, isFresh: true, takenAt: now)
        }
    }

    /// Why a visitor's message must not go out, without the visitor learning it; nil if it may. Looked at before the
    /// enclave makes the challenge, because a decoy is made as one; the unit of work decides.
    func hiddenRefusal(
        of request: SealedSendRequest, watched: WatchedSend?, _ caller: PasscodeCaller
    ) async throws(PasscodeError) -> HiddenRefusal? {
        let refusal = request.contact.refusal(by: caller.workspace.settings)
        guard caller.mode == .live else { return refusal ?? (request.isForNobody ? .nobody : nil) }
        let isTestRecipient = try await testRecipient(request.contact, of: caller) != nil
        let subject = subject(of: request.contact, rateLimitKey: nil, caller: caller, enclave: try presentEnclave())
        let contact = ContactIndex(key: try presentEnclave().contactIndexKey)
            .digest(of: request.contact.address, workspace: caller.workspace.id)
        let failures = ContactFailures(workspace: caller.workspace.id, contact: subject.recipient)
        let now = clock.now()
        let isStopped = watched.map { watch.wouldRefuse($0, now: now) } ?? false
        return try await database.read(throwing: PasscodeError.self) { transaction in
            // All is looked at in any case, because the time must not tell what was found.
            let closure = try failures.closure(now: now, in: transaction)
            let limit = try self.limits.exhausted(for: subject, of: caller.workspace, now: now, in: transaction)
            let isKnown = try KnownContact.isKnown(
                contact, workspace: caller.workspace.id, now: now, in: transaction)
            if let refusal { return refusal }
            if request.isForNobody { return .nobody }
            if isTestRecipient { return .testRecipient }
            if closure > 0 { return .contactClosed }
            if isStopped, !isKnown { return .stopped }
            return limit.map(HiddenRefusal.limit)
        }
    }

    private func requireOpen(
        _ challenge: Challenge, now: Int64, in transaction: any Transaction
    ) throws {
        let closure = try ContactFailures(of: challenge).closure(now: now, in: transaction)
        if closure > 0 { throw PasscodeError.contactClosed(retryAfter: seconds(closure)) }
    }

    private func requireRoom(
        for challenge: Challenge, now: Int64, in transaction: any Transaction
    ) throws {
        let (count, firstExpiry) = try Challenge.inFlight(like: challenge, now: now, in: transaction)
        guard count >= Self.inFlightLimit else { return }
        throw PasscodeError.tooManyInFlight(retryAfter: seconds((firstExpiry ?? now) - now))
    }

    private static func kind(of challenge: Challenge) -> SendKind {
        if challenge.isDecoy { return .decoy }
        return challenge.mode == .live ? .message : .test
    }
}
