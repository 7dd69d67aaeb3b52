import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Sends a passcode, or sends the live one again. Returns once the provider accepted the message and the disk
    /// has it all; in test mode nothing is sent and the code is in the answer.
    ///
    /// Throws `phoneNumberRefused`, `invalidChannel`, `deliveryFailed`, the idempotency errors, the limits of the
    /// workspace, `unavailable`.
    public func send(_ request: SendRequest, for caller: PasscodeCaller) async throws(PasscodeError) -> Dispatch {
        try requireActive(caller.workspace)
        if case .phone(let number) = request.contact, number.isPremiumRate, !caller.workspace.settings.allowPremium {
            throw .phoneNumberRefused()
        }
        let enclaveUp = try presentEnclave()
        let fresh = try await make(request, for: caller, enclave: enclaveUp)
        let subject = subject(of: request, contact: fresh.challenge.contact, caller: caller)
        let admission = try await admit(request, fresh: fresh.challenge, subject: subject, caller: caller)
        guard caller.mode == .live, !admission.isReplay else {
            return try await simulate(admission, fresh: fresh)
        }
        let outcome: Result<DeliveryOutcome, PasscodeError> = await deliver(admission.challenge, request, caller)
        try await settle(admission, outcome: outcome, request: request, subject: subject, caller: caller)
        return Dispatch(identifier: admission.challenge.id, testCode: nil, isReplay: false)
    }

    /// A challenge that was made but not yet stored, and in test mode its code.
    struct FreshChallenge: Sendable {
        var challenge: Challenge
        var testCode: TestCode?
    }

    /// What the store decided about a send.
    struct Admission: Sendable {
        var challenge: Challenge
        /// When the code had gone out before this send, nil if never.
        var previouslySentAt: Int64?
        var isFresh = false
        var isReplay = false
        /// When the limits were taken.
        var takenAt: Int64
    }

    private func make(
        _ request: SendRequest, for caller: PasscodeCaller, enclave greeting: Greeting
    ) async throws(PasscodeError) -> FreshChallenge {
        let settings = caller.workspace.settings
        let contact = request.contact.address
        let channel = try request.contact.channel(wished: request.channel, default: settings.defaultChannel)
        let made = try await enclave.ask(
            MakeChallenge(
                workspace: caller.workspace.id, challenge: request.identifier, mode: caller.mode, contact: contact,
                channel: channel,
                format: CodeFormat(alphabet: settings.codeAlphabet, length: settings.codeLength),
                lifetime: settings.codeLifetimeSeconds, attemptLimit: WorkspaceSettings.attemptLimit))
        let index = ContactIndex(key: greeting.contactIndexKey)
        let challenge = Challenge(
            workspace: caller.workspace.id, id: request.identifier, mode: caller.mode,
            contact: index.digest(of: contact, workspace: caller.workspace.id), channel: channel, boot: greeting.boot,
            sealed: made.sealed, attemptLimit: WorkspaceSettings.attemptLimit, earlierFailures: 0,
            createdAt: made.createdAt, expiresAt: made.expiresAt)
        return FreshChallenge(challenge: challenge, testCode: made.testCode)
    }

    private func subject(of request: SendRequest, contact: [UInt8], caller: PasscodeCaller) -> SendSubject {
        SendSubject(
            recipient: contact.hexadecimal, prefix: request.contact.prefix, country: request.contact.country,
            network: caller.network)
    }

    /// The test-mode end of a send, and the answer to a repeated request.
    private func simulate(_ admission: Admission, fresh: FreshChallenge) async throws(PasscodeError) -> Dispatch {
        var code: TestCode?
        if admission.challenge.mode == .test {
            code = admission.isFresh ? fresh.testCode : try await reveal(admission.challenge)
        }
        return Dispatch(identifier: admission.challenge.id, testCode: code, isReplay: admission.isReplay)
    }

    /// The code of a test challenge again; nil where the enclave that made it is gone or its life is over.
    private func reveal(_ challenge: Challenge) async throws(PasscodeError) -> TestCode? {
        do {
            return try await enclave.call(RevealTestCode(challenge: challenge.record))
        } catch  where error.code == .challengeNotAlive {
            return nil
        } catch {
            throw PasscodeError(error)
        }
    }
}
