import AuditLog
import EnclaveLink
import Messages
import Storage
import Workspaces

extension Challenges {
    /// Sends a passcode, or sends the live one again. Returns once the provider accepted the message and the disk
    /// has it all; in test mode nothing is sent and the code is in the answer.
    ///
    /// Throws `phoneNumberRefused`, `invalidChannel`, `templateUnknown`, `bindingIncomplete`, `claimRefused`,
    /// `messageTooLong`, `deliveryFailed`, the idempotency errors, the limits of the workspace, `unavailable`.
    public func send(_ request: SendRequest, for caller: PasscodeCaller) async throws(PasscodeError) -> Dispatch {
        try caller.requireActive()
        try requireReal(request.contact)
        if request.contact.refusal(by: caller.workspace.settings) != nil { throw .phoneNumberRefused() }
        try check(request.limits, of: caller.workspace)
        let recipient = caller.mode == .live ? try await testRecipient(request.contact, of: caller) : nil
        let send = try await plan(request, to: recipient, for: caller, enclave: try presentEnclave())
        let admission = try await admitPlain(send)
        guard admission.isForDelivery else {
            // Whoever has a live key looks up a test recipient's code where the operator wrote it down.
            let code = recipient == nil ? try await testCode(of: admission, fresh: send.testCode) : nil
            return dispatch(admission, send, testCode: code)
        }
        try await deliver(admission, send)
        return dispatch(admission, send, testCode: nil)
    }

    private func check(_ limits: [String: String], of workspace: Workspace) throws(PasscodeError) {
        do throws(WorkspaceError) {
            try workspace.settings.check(ownLimits: limits)
        } catch {
            throw .claimRefused("limits", error.message)
        }
    }

    private func dispatch(_ admission: Admission, _ send: PlannedSend, testCode: TestCode?) -> Dispatch {
        Dispatch(
            identifier: admission.challenge.id, testCode: testCode, isReplay: admission.isReplay,
            resendAfter: send.caller.workspace.settings.cooldownSeconds,
            metadata: PasscodeMetadata(stored: admission.challenge.metadata))
    }

    private func plan(
        _ request: SendRequest, to recipient: TestRecipient?, for caller: PasscodeCaller, enclave greeting: Greeting
    ) async throws(PasscodeError) -> PlannedSend {
        let caller = recipient == nil ? caller : caller.tryingFixedCodes
        let settings = caller.workspace.settings
        let subject = subject(
            of: request.contact, rateLimitKey: nil, own: request.limits, caller: caller, enclave: greeting)
        let route = try Route(
            to: request.contact, wished: request.channel, settings: settings, enclave: greeting)
        let texts = try await texts(
            named: request.template, locale: request.locale, to: request.contact, over: route,
            showing: .sample(
                of: request.application, binding: request.claims.binding, codeLength: settings.codeLength,
                settings: settings),
            workspace: caller.workspace.id)
        let wish = MakeChallenge(
            workspace: caller.workspace.id, challenge: request.identifier, mode: caller.mode,
            contact: request.contact.address,
            channels: route.channels,
            format: CodeFormat(alphabet: settings.codeAlphabet, length: settings.codeLength),
            lifetime: recipient.map { $0.lifetime(settings, now: clock.now()) } ?? settings.codeLifetimeSeconds,
            attemptLimit: WorkspaceSettings.attemptLimit, claims: request.claims.sealed,
            fixedCode: recipient?.code)
        var (challenge, code) = try await make(wish, enclave: greeting)
        challenge.claims = request.claims.digest
        challenge.isFixed = recipient != nil
        challenge.metadata = request.metadata?.text ?? ""
        return PlannedSend(
            caller: caller, contact: request.contact, application: request.application,
            idempotency: request.idempotency, subject: subject, challenge: challenge, route: route, enclave: greeting,
            testCode: code, waitsForDelivery: caller.mode == .live, texts: texts,
            watched: watched(request.contact, request.application, asker: request.askerNetwork, caller))
    }

    /// What the messages of a send say: the workspace's own texts where there are any that suit.
    func texts(
        named name: String? = nil, locale: LanguageTag? = nil, to contact: Contact, over route: Route,
        showing values: MessageValues, workspace: String
    ) async throws(PasscodeError) -> MessageTexts {
        try MessageTexts(
            named: name, in: MessageLanguage(locale: locale, region: contact.country), over: route.channels,
            of: try await templates.list(workspace: workspace), showing: values)
    }
}
