import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Has the enclave send the message.
    func deliver(
        _ challenge: Challenge, _ request: SendRequest, _ caller: PasscodeCaller
    ) async -> Result<DeliveryOutcome, PasscodeError> {
        let settings = caller.workspace.settings
        let minutes = Int((challenge.expiresAt - clock.now() + 30_000) / 60_000)
        let wording = MessageWording(
            application: request.application.text, domain: settings.domain, codeInSubject: settings.codeInSubject,
            validMinutes: max(1, minutes))
        do throws(PasscodeError) {
            return .success(
                try await enclave.ask(
                    DeliverChallenge(
                        challenge: challenge.record, wording: wording, deadline: Self.deliveryDeadline)))
        } catch {
            return .failure(error)
        }
    }

    /// Writes down how a delivery ended; where no provider accepted the message, gives everything back and throws.
    func settle(
        _ admission: Admission, outcome: Result<DeliveryOutcome, PasscodeError>, request: SendRequest,
        subject: SendSubject, caller: PasscodeCaller
    ) async throws(PasscodeError) {
        switch outcome {
        case .success(.accepted(let provider)):
            try await finish(admission, provider: provider, request: request, caller: caller)
        case .success(.failed(let failure)):
            let reason = "\(failure.provider): \(failure.reason.rawValue) \(failure.providerStatus)"
            try await takeBack(
                admission, reason: reason, mayHaveArrived: failure.mayHaveArrived, request: request, subject: subject,
                caller: caller)
            throw .deliveryFailed(reason)
        case .failure(let error):
            // Where the enclave is gone the code is gone with it; where it only did not answer, a message may be out.
            let isStillThere = enclave.greeting?.boot == admission.challenge.boot
            try await takeBack(
                admission, reason: "enclave unavailable", mayHaveArrived: isStillThere, request: request,
                subject: subject, caller: caller)
            throw error
        }
    }

    private func finish(
        _ admission: Admission, provider: String, request: SendRequest, caller: PasscodeCaller
    ) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            if let idempotency = request.idempotency {
                try SendRecord.finish(
                    idempotency, workspace: caller.workspace.id, claim: request.identifier,
                    challenge: admission.challenge.id, in: transaction)
            }
            try self.audit.append(
                self.entry(admission, caller: caller, now: now, outcome: .done, detail: provider), in: transaction)
        }
    }

    /// Gives quota and limits back. The cooldown too, unless the message may have arrived all the same: then a second
    /// one must wait.
    private func takeBack(
        _ admission: Admission, reason: String, mayHaveArrived: Bool, request: SendRequest, subject: SendSubject,
        caller: PasscodeCaller
    ) async throws(PasscodeError) {
        let now = clock.now()
        let workspace = caller.workspace
        try await database.write(throwing: PasscodeError.self) { transaction in
            try self.limits.giveBack(subject, to: workspace, takenAt: admission.takenAt, in: transaction)
            if !mayHaveArrived {
                try Challenge.setSent(
                    admission.challenge.id, workspace: workspace.id, at: admission.previouslySentAt, in: transaction)
            }
            if let idempotency = request.idempotency {
                try SendRecord.release(
                    idempotency, workspace: workspace.id, claim: request.identifier, in: transaction)
            }
            try self.audit.append(
                self.entry(admission, caller: caller, now: now, outcome: .failed, detail: reason), in: transaction)
        }
    }

    private func entry(
        _ admission: Admission, caller: PasscodeCaller, now: Int64, outcome: AuditOutcome, detail: String
    ) -> AuditEntry {
        AuditEntry(
            workspace: caller.workspace.id, time: now, action: .challengeDispatched, record: admission.challenge.id,
            outcome: outcome, origin: caller.origin, detail: detail)
    }
}
