import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Attempts at a sealed code.
    public static let sealedAttemptLimit = 3
    /// Sealed codes of one contact that may be alive at the same time.
    public static let inFlightLimit = 3

    /// Sends a sealed passcode: 3 attempts, at most 3 codes in flight for one contact, no cooldown.
    ///
    /// Throws `phoneNumberRefused`, `contactNotInSandbox`, `testRecipient`, `invalidChannel`, `tooManyInFlight`, `deliveryFailed`, the
    /// idempotency errors, the limits of the workspace, `unavailable`. For a visitor, what would tell of the contact or
    /// of fraud throws nothing.
    public func sendSealed(
        _ request: SealedSendRequest, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> SealedDispatch {
        let caller = caller.inSealedFlow
        try caller.requireActive()
        try requireReachable(request.contact, caller: caller)
        switch request.asker {
        case .backEnd: return try await sendAttended(request, caller)
        case .visitor: return try await sendUnattended(request, caller)
        }
    }

    /// A sandbox reaches two contacts, of which everything else reaches at most one.
    private func requireReachable(_ contact: Contact, caller: PasscodeCaller) throws(PasscodeError) {
        guard caller.workspace.settings.sandbox else { return try requireReal(contact) }
        guard ContactAddress.sandboxContacts.contains(contact.address) else { throw .contactNotInSandbox() }
    }

    private func sendAttended(
        _ request: SealedSendRequest, _ caller: PasscodeCaller
    ) async throws(PasscodeError) -> SealedDispatch {
        if request.contact.refusal(by: caller.workspace.settings) != nil { throw .phoneNumberRefused() }
        if caller.mode == .live, try await testRecipient(request.contact, of: caller) != nil { throw .testRecipient() }
        let watched = watched(request.contact, request.application, asker: request.askerNetwork, caller)
        let send = try await plan(request, for: caller, refused: nil, watched)
        let admission = try await admitSealed(send, refused: nil)
        let sent = admission.isForDelivery ? try await deliver(admission, send) : nil
        return try await dispatch(admission, send, over: sent?.channel)
    }

    /// Answers before the message goes out, so that neither the answer nor its time tells whether one does.
    private func sendUnattended(
        _ request: SealedSendRequest, _ caller: PasscodeCaller
    ) async throws(PasscodeError) -> SealedDispatch {
        try unattended.reserve()
        do throws(PasscodeError) {
            let (admission, send) = try await admitVisitor(request, caller)
            let dispatch = try await dispatch(admission, send)
            if admission.isForDelivery {
                // What went wrong is in the audit trail, which is all that can be done about it.
                unattended.run { _ = try? await deliver(admission, send) }
            } else {
                unattended.release()
            }
            return dispatch
        } catch {
            unattended.release()
            throw error
        }
    }

    private func admitVisitor(
        _ request: SealedSendRequest, _ caller: PasscodeCaller
    ) async throws(PasscodeError) -> (Admission, PlannedSend) {
        let watched = watched(request.contact, request.application, asker: caller.network, caller)
        let refused = try await hiddenRefusal(of: request, watched: watched, caller)
        let send = try await plan(request, for: caller, refused: refused, watched)
        do throws(PasscodeError) {
            let admission = try await admitSealed(send, refused: refused)
            if case .stopped = refused, !admission.isReplay { watch.noteRefused(watched, now: clock.now()) }
            return (admission, send)
        } catch {
            guard refused == nil, let refused = try await lateRefusal(error, of: request, watched: watched, caller)
            else { throw error }
            let send = try await plan(request, for: caller, refused: refused, watched)
            return (try await admitSealed(send, refused: refused), send)
        }
    }

    /// Others may have used a limit up, or a range, since it was looked at.
    private func lateRefusal(
        _ error: PasscodeError, of request: SealedSendRequest, watched: WatchedSend?, _ caller: PasscodeCaller
    ) async throws(PasscodeError) -> HiddenRefusal? {
        if error.code == .sendingPaused { return .stopped }
        return try await hiddenRefusal(of: request, watched: watched, caller)
    }

    private func plan(
        _ request: SealedSendRequest, for caller: PasscodeCaller, refused: HiddenRefusal?, _ watched: WatchedSend?
    ) async throws(PasscodeError) -> PlannedSend {
        let greeting = try presentEnclave()
        let settings = caller.workspace.settings
        let target = SealedTarget(
            flow: request.flow, keyIdentifier: try signingKeys.current(.enclave(caller.mode)), issuer: issuer,
            organization: request.flow.organization(of: caller.workspace), isDecoy: refused != nil,
            usesSandboxCode: settings.sandbox)
        let route = try Route(
            to: request.contact, wished: request.channel, settings: settings, enclave: greeting)
        let wish = MakeChallenge(
            workspace: caller.workspace.id, challenge: request.identifier, mode: caller.mode,
            contact: request.contact.address,
            channels: route.channels,
            format: request.format
                ?? CodeFormat(alphabet: settings.sealedCodeAlphabet, length: settings.sealedCodeLength),
            lifetime: request.lifetime ?? settings.sealedCodeLifetimeSeconds, attemptLimit: Self.sealedAttemptLimit,
            target: target)
        let subject = subject(
            of: request.contact, rateLimitKey: request.rateLimitKey, caller: caller, enclave: greeting)
        let texts = try await texts(
            to: request.contact, over: route,
            showing: .sample(of: request.application, codeLength: wish.format.length, settings: settings),
            workspace: caller.workspace.id)
        var (challenge, code) = try await make(wish, enclave: greeting)
        challenge.purpose = request.purpose
        return PlannedSend(
            caller: caller, contact: request.contact, application: request.application,
            customization: request.customization, idempotency: request.idempotency, subject: subject,
            challenge: challenge, route: route, enclave: greeting, testCode: code,
            waitsForDelivery: caller.mode == .live && request.asker == .backEnd, texts: texts,
            watched: refused == nil ? watched : nil)
    }

    /// - Parameter channel: over which a message went out; nil where none did yet.
    private func dispatch(
        _ admission: Admission, _ send: PlannedSend, over channel: Channel? = nil
    ) async throws(PasscodeError) -> SealedDispatch {
        let challenge = admission.challenge
        return SealedDispatch(
            identifier: challenge.id, channel: channel ?? challenge.channel, targetBundle: challenge.targetBundle,
            expiresAt: challenge.expiresAt, testCode: try await testCode(of: admission, fresh: send.testCode),
            isReplay: admission.isReplay)
    }
}
