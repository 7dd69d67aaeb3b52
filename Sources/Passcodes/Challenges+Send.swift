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
        try caller.requireActive()
        try requireReal(request.contact)
        if request.contact.refusal(by: caller.workspace.settings) != nil { throw .phoneNumberRefused() }
        let send = try await plan(request, for: caller, enclave: try presentEnclave())
        let admission = try await admitPlain(send)
        guard admission.isForDelivery else {
            let code = try await testCode(of: admission, fresh: send.testCode)
            return Dispatch(identifier: admission.challenge.id, testCode: code, isReplay: admission.isReplay)
        }
        try await deliver(admission, send)
        return Dispatch(identifier: admission.challenge.id, testCode: nil, isReplay: false)
    }

    private func plan(
        _ request: SendRequest, for caller: PasscodeCaller, enclave greeting: Greeting
    ) async throws(PasscodeError) -> PlannedSend {
        let settings = caller.workspace.settings
        let subject = subject(of: request.contact, rateLimitKey: nil, caller: caller, enclave: greeting)
        let route = try Route(
            to: request.contact, wished: request.channel, settings: settings, enclave: greeting)
        let wish = MakeChallenge(
            workspace: caller.workspace.id, challenge: request.identifier, mode: caller.mode,
            contact: request.contact.address,
            channels: route.channels,
            format: CodeFormat(alphabet: settings.codeAlphabet, length: settings.codeLength),
            lifetime: settings.codeLifetimeSeconds, attemptLimit: WorkspaceSettings.attemptLimit)
        var (challenge, code) = try await make(wish, enclave: greeting)
        let watched = watch(request.contact, request.application, asker: nil, caller)
        challenge.traits = watched?.traits
        return PlannedSend(
            caller: caller, contact: request.contact, application: request.application,
            idempotency: request.idempotency, subject: subject, challenge: challenge, route: route, enclave: greeting,
            testCode: code, waitsForDelivery: caller.mode == .live, watched: watched)
    }
}
