import AuditLog
import EnclaveLink
import Messages
import Storage
import Workspaces

extension Challenges {
    /// Has the enclave bring the code, by one provider after another until one takes it, and writes down how that ended.
    /// Where none did, gives everything back and throws `deliveryFailed`, `customizationRefused`, `unavailable`.
    /// What was settled by somebody else in the meantime stays as it is, and counts as failed.
    /// - Returns: the message that went out.
    @discardableResult
    func deliver(_ admission: Admission, _ send: PlannedSend) async throws(PasscodeError) -> Delivery {
        let run = DeliveryRun(
            enclave: enclave, breakers: breakers, clock: clock, challenge: admission.challenge.record,
            wording: wording(of: admission.challenge, send), templates: send.texts.templates,
            boot: admission.challenge.boot, ending: ending, isWanted: { await self.isAlive(admission.challenge) })
        let result = DeliveryResult(await run.go(along: admission.route(of: send)), of: admission)
        guard result.last?.state == .sent else {
            let isNews = try await takeBack(admission, send, result)
            if isNews { note(result.deliveries, of: admission.challenge) }
            throw result.error(of: admission.challenge)
        }
        guard let sent = try await finish(admission, send, result) else {
            throw .deliveryFailed(
                "settled before the provider answered",
                FailedDelivery(passcode: admission.challenge.id, mayHaveArrived: true))
        }
        note(result.deliveries, of: admission.challenge)
        await recordEarlyReport(of: sent)
        return sent
    }

    /// False once a challenge has ended, such as by a cancel.
    private func isAlive(_ challenge: Challenge) async -> Bool {
        let found = try? await database.read { transaction in
            try Challenge.find(challenge.id, workspace: challenge.workspace, in: transaction)
        }
        return found.map { $0.state == .pending } ?? true
    }

    private func wording(of challenge: Challenge, _ send: PlannedSend) -> MessageWording {
        let settings = send.caller.workspace.settings
        return MessageWording(
            application: send.application.text, domain: settings.domain, codeInSubject: settings.codeInSubject,
            validMinutes: MessageValues.minutes(seconds: Int(challenge.expiresAt - clock.now()) / 1000),
            customization: send.customization,
            language: send.texts.language.language.rawValue)
    }

    /// The message that went out; nil where it was settled before: nothing changed.
    private func finish(
        _ admission: Admission, _ send: PlannedSend, _ result: DeliveryResult
    ) async throws(PasscodeError) -> Delivery? {
        let entry = entry(admission, send, outcome: .done, detail: result.words)
        var triesLeft = 3
        while true {
            triesLeft -= 1
            do throws(PasscodeError) {
                return try await database.write(throwing: PasscodeError.self) { transaction in
                    guard let sent = try result.store(in: transaction) else { return nil }
                    try self.settle(send, as: .answered, admission, in: transaction)
                    try self.audit.append(entry, in: transaction)
                    try self.tell(.sent, of: admission.challenge, by: sent, at: entry.time, in: transaction)
                    return sent
                }
            } catch {
                // The message is out, which is worth another wait for a store that somebody else holds.
                guard error.code == .unavailable, triesLeft > 0 else { throw error }
            }
        }
    }

    private func settle(
        _ send: PlannedSend, as state: SendRecord.State, _ admission: Admission, in transaction: any Transaction
    ) throws(StorageError) {
        guard let idempotency = send.idempotency else { return }
        try SendRecord.set(
            idempotency, to: state, workspace: admission.challenge.workspace, challenge: admission.challenge.id,
            in: transaction)
    }

    /// Gives quota and limits back. The budget, what the guard counted, the contact's turn and the `Idempotency-Key` too,
    /// unless the message may have arrived all the same: then it has its price, a second one must wait, and the same request
    /// sends none. False where the message was settled before: nothing changed.
    private func takeBack(
        _ admission: Admission, _ send: PlannedSend, _ result: DeliveryResult
    ) async throws(PasscodeError) -> Bool {
        let entry = entry(admission, send, outcome: .failed, detail: result.words)
        let mayHaveArrived = result.mayHaveArrived
        if !mayHaveArrived { watch.release(send.watched, now: entry.time) }
        let workspace = send.caller.workspace
        return try await database.write(throwing: PasscodeError.self) { transaction in
            guard let last = try result.store(in: transaction) else { return false }
            try self.limits.giveBack(
                send.subject, to: workspace, takenAt: admission.takenAt, askerLearns: send.waitsForDelivery,
                mayHaveArrived: mayHaveArrived, in: transaction)
            if mayHaveArrived {
                try self.settle(send, as: .unclear, admission, in: transaction)
            } else {
                try self.giveTurnBack(admission, send, in: transaction)
            }
            try self.audit.append(entry, in: transaction)
            try self.tell(.failed, of: admission.challenge, by: last, at: entry.time, in: transaction)
            return true
        }
    }

    /// A plain code stays and loses its cooldown. A sealed one goes if its caller is told that the delivery failed; who
    /// was answered before must find it as it would be had the message arrived. The `Idempotency-Key` is free again.
    private func giveTurnBack(
        _ admission: Admission, _ send: PlannedSend, in transaction: any Transaction
    ) throws(StorageError) {
        let challenge = admission.challenge
        if let idempotency = send.idempotency {
            try SendRecord.release(idempotency, workspace: challenge.workspace, in: transaction)
        }
        if challenge.flow == nil {
            try challenge.takeSentBack(to: admission.predecessor, in: transaction)
        } else if send.waitsForDelivery {
            try Challenge.withdraw(challenge.id, workspace: challenge.workspace, in: transaction)
        }
    }

    private func entry(
        _ admission: Admission, _ send: PlannedSend, outcome: AuditOutcome, detail: String
    ) -> AuditEntry {
        AuditEntry(
            workspace: admission.challenge.workspace, time: clock.now(), action: .challengeDispatched,
            record: admission.challenge.id, outcome: outcome, origin: send.caller.origin.again,
            subject: AuditSubject(digest: admission.challenge.contact),
            detail: detail)
    }
}
