import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Has the enclave send the message and writes down how that ended. Where no provider accepted it, gives everything
    /// back and throws `deliveryFailed`, `customizationRefused`, `unavailable`.
    func deliver(_ admission: Admission, _ send: PlannedSend) async throws(PasscodeError) {
        let outcome: DeliveryOutcome
        do throws(PasscodeError) {
            let channel = admission.challenge.channel
            outcome = try await enclave.ask(
                DeliverChallenge(
                    challenge: admission.challenge.record, channel: channel,
                    provider: try presentEnclave().providers(of: channel)[0],
                    wording: wording(of: admission.challenge, send),
                    deadline: Self.deliveryDeadline))
        } catch {
            // Where the enclave is gone the code is gone with it; where it only did not answer, a message may be out.
            let isStillThere = enclave.greeting?.boot == admission.challenge.boot
            try await takeBack(admission, send, reason: "enclave unavailable", mayHaveArrived: isStillThere)
            throw error
        }
        switch outcome {
        case .accepted(let provider, _): try await finish(admission, send, provider: provider)
        case .failed(let failure):
            let reason = "\(failure.provider): \(failure.reason.rawValue) \(failure.providerStatus)"
            try await takeBack(admission, send, reason: reason, mayHaveArrived: failure.mayHaveArrived)
            throw failure.reason.customizationFault.map { .customizationRefused($0) } ?? .deliveryFailed(reason)
        }
    }

    private func wording(of challenge: Challenge, _ send: PlannedSend) -> MessageWording {
        let settings = send.caller.workspace.settings
        let minutes = Int((challenge.expiresAt - clock.now() + 30_000) / 60_000)
        return MessageWording(
            application: send.application.text, domain: settings.domain, codeInSubject: settings.codeInSubject,
            validMinutes: max(1, minutes), customization: send.customization)
    }

    private func finish(_ admission: Admission, _ send: PlannedSend, provider: String) async throws(PasscodeError) {
        let entry = entry(admission, send, outcome: .done, detail: provider)
        try await database.write(throwing: PasscodeError.self) { transaction in
            if let idempotency = send.idempotency {
                try SendRecord.finish(
                    idempotency, workspace: admission.challenge.workspace, claim: send.challenge.id,
                    challenge: admission.challenge.id, in: transaction)
            }
            try self.audit.append(entry, in: transaction)
        }
    }

    /// Gives quota and limits back. The contact's turn too, unless the message may have arrived all the same: then a
    /// second one must wait.
    private func takeBack(
        _ admission: Admission, _ send: PlannedSend, reason: String, mayHaveArrived: Bool
    ) async throws(PasscodeError) {
        let entry = entry(admission, send, outcome: .failed, detail: reason)
        let workspace = send.caller.workspace
        try await database.write(throwing: PasscodeError.self) { transaction in
            try self.limits.giveBack(
                send.subject, to: workspace, takenAt: admission.takenAt, askerLearns: send.waitsForDelivery,
                in: transaction)
            if !mayHaveArrived { try self.giveTurnBack(admission, send, in: transaction) }
            if let idempotency = send.idempotency {
                try SendRecord.release(
                    idempotency, workspace: workspace.id, claim: send.challenge.id, in: transaction)
            }
            try self.audit.append(entry, in: transaction)
        }
    }

    /// A plain code stays and loses its cooldown. A sealed one goes if its caller is told that the delivery failed; who
    /// was answered before must find it as it would be had the message arrived.
    private func giveTurnBack(
        _ admission: Admission, _ send: PlannedSend, in transaction: any Transaction
    ) throws(StorageError) {
        let challenge = admission.challenge
        if challenge.flow == nil {
            try Challenge.setSent(
                challenge.id, workspace: challenge.workspace, at: admission.previouslySentAt, in: transaction)
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

extension DeliveryFailure.Reason {
    /// What the caller can mend itself; nil where the message did not get through for another reason.
    fileprivate var customizationFault: PasscodeError.CustomizationFault? {
        switch self {
        case .customizationRefused: .wording
        case .linkRefused: .link
        case .senderRefused: .sender
        case .unreachable, .certificateRefused, .authenticationRefused, .recipientRefused, .messageRefused, .timedOut,
            .busy, .inboxUnavailable, .protocolError, .challengeNotAlive:
            nil
        }
    }
}
