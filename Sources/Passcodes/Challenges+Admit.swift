import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Decides, in one unit of work, whether a send may happen: what its `Idempotency-Key` did before decides first, then
    /// `rule`, which takes the limits and stores the challenge.
    func admit(
        _ send: PlannedSend, refused: HiddenRefusal? = nil,
        by rule: @escaping @Sendable (any Transaction, _ now: Int64) throws -> Admission
    ) async throws(PasscodeError) -> Admission {
        do throws(PasscodeError) {
            let admission = try await decide(send, refused: refused, by: rule)
            watch.noteAdmitted(send.watched)
            return admission
        } catch {
            // Also where the unit of work went well and could not be committed.
            watch.release(send.watched, now: clock.now())
            throw error
        }
    }

    private func decide(
        _ send: PlannedSend, refused: HiddenRefusal?,
        by rule: @escaping @Sendable (any Transaction, _ now: Int64) throws -> Admission
    ) async throws(PasscodeError) -> Admission {
        let now = clock.now()
        return try await database.write(throwing: PasscodeError.self) { transaction in
            if let replay = try self.replay(send, now: now, in: transaction) { return replay }
            return try self.releasing(send.watched, now: now) {
                let admission = try rule(transaction, now)
                return try self.store(admission, of: send, refused: refused, now: now, in: transaction)
            }
        }
    }

    private func store(
        _ admission: Admission, of send: PlannedSend, refused: HiddenRefusal?, now: Int64,
        in transaction: any Transaction
    ) throws -> Admission {
        var admission = admission
        if admission.isForDelivery {
            admission.delivery = try Delivery.begin(
                admission.route(of: send)[0], of: admission.challenge, isFirst: admission.isFresh, at: now,
                in: transaction)
        }
        try record(admission, of: send, refused: refused, now: now, in: transaction)
        if let idempotency = send.idempotency {
            // A send that waits is answered when the provider has answered.
            try SendRecord.set(
                idempotency, to: send.waitsForDelivery ? .underWay : .answered,
                workspace: send.challenge.workspace, challenge: admission.challenge.id, in: transaction)
        }
        return admission
    }

    private func replay(_ send: PlannedSend, now: Int64, in transaction: any Transaction) throws -> Admission? {
        guard let idempotency = send.idempotency else { return nil }
        let fresh = send.challenge
        let claim = try SendRecord.claim(
            idempotency, workspace: fresh.workspace, challenge: fresh.id, now: now, in: transaction)
        switch claim {
        case .mine: return nil
        case .answered(let identifier):
            let challenge = try challenge(identifier, like: fresh, in: transaction)
            return Admission(challenge: challenge, isReplay: true, takenAt: now)
        case .unclear(let identifier):
            let challenge = try challenge(identifier, like: fresh, in: transaction)
            throw PasscodeError.deliveryFailed(
                "an earlier request with this key ended so",
                FailedDelivery(passcode: challenge.id, mayHaveArrived: true, isReplay: true))
        }
    }

    private func challenge(
        _ identifier: String, like fresh: Challenge, in transaction: any Transaction
    ) throws -> Challenge {
        guard let challenge = try Challenge.find(identifier, workspace: fresh.workspace, in: transaction),
            challenge.mode == fresh.mode, challenge.flow == fresh.flow
        else { throw PasscodeError.idempotencyKeyReused() }
        return challenge
    }

    private func record(
        _ admission: Admission, of send: PlannedSend, refused: HiddenRefusal?, now: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        let (challenge, caller) = (admission.challenge, send.caller)
        let what = ["\(caller.mode.rawValue) \(challenge.channel.rawValue)", refused?.word].compactMap { $0 }
        try audit.append(
            AuditEntry(
                workspace: caller.workspace.id, time: now,
                action: admission.isFresh ? .challengeCreated : .challengeResent, record: challenge.id,
                outcome: refused == nil ? .done : .refused, origin: caller.origin, subject: send.person,
                detail: what.joined(separator: " ")), in: transaction)
    }

    func seconds(_ milliseconds: Int64) -> Int { Int((milliseconds + 999) / 1000) }
}
