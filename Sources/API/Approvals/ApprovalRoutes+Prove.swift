import EnclaveLink
import HTTPServer
import Passcodes
import Permissions
import Workspaces

/// The approver proves to have the address that the workspace knows them by.
extension ApprovalRoutes {
    /// `POST /approve/:id/address`: sends a code to the address if it is an active approver's. The answer and its time are
    /// the same if it is not: then there is a challenge that nobody can win.
    func sendCode(_ form: ApprovalForm, _ visit: ApprovalVisit) async throws -> Response {
        guard visit.isOpen else { return reload(visit, cookies: []) }
        do throws(PasscodeError) {
            let challenge = try await challenge(for: try Self.address(form), visit)
            let waiting = ApprovalCookie.code.setting(
                ApprovalCookies.code(for: visit.permission.id, challenge: challenge), isSecure: isSecure)
            return reload(visit, cookies: [waiting])
        } catch {
            return answer(pages(visit).address(Notice(error)), to: visit)
        }
    }

    private static func address(_ form: ApprovalForm) throws(PasscodeError) -> EmailAddress {
        guard let text = try? form.text("address", atMost: 254), let address = EmailAddress(text) else {
            throw .invalidEmail()
        }
        return address
    }

    private func challenge(for address: EmailAddress, _ visit: ApprovalVisit) async throws(PasscodeError) -> String {
        guard !visit.workspace.settings.sandbox else { throw .contactNotInSandbox() }
        var wish = SealedSendRequest(
            identifier: "ch_" + RandomIdentifier.hexadecimal(length: 20), flow: .countersign, contact: .email(address),
            channel: .email, application: Self.application(of: visit.workspace), asker: .visitor)
        wish.purpose = .approval
        wish.isForNobody = try await !isApprovers(address, visit.workspace)
        return try await rooms.challenges.sendSealed(wish, for: visit.caller).identifier
    }

    private func isApprovers(_ address: EmailAddress, _ workspace: Workspace) async throws(PasscodeError) -> Bool {
        do {
            return try await rooms.permissions.approvers.approver(address.text, workspace: workspace.id).isActive
        } catch  where error.code == .notFound {
            return false
        } catch {
            throw .unavailable(error.description)
        }
    }

    /// So that nobody takes the code for one that logs them in somewhere.
    private static func application(of workspace: Workspace) -> ApplicationName {
        let usual = ApplicationName(of: workspace)
        return ApplicationName("\(usual.text) approval") ?? usual
    }

    /// `POST /approve/:id/code`
    func enterCode(_ form: ApprovalForm, _ visit: ApprovalVisit) async throws -> Response {
        guard let challenge = visit.challenge, visit.isOpen else { return reload(visit, cookies: []) }
        let typed = try form.text("code", atMost: ApprovalPages.codeLimit)
        // Messages and people group the characters of a code.
        let code = PresentedCode(typed.filter { !$0.isWhitespace && $0 != "-" })
        do throws(PasscodeError) {
            let contact = try await rooms.challenges.attempt(
                code, at: challenge, purpose: .approval, for: visit.caller)
            return try await letIn(contact, provenBy: challenge, visit)
        } catch {
            let isAlive = (error.attemptsRemaining ?? 0) > 0
            let page = isAlive ? pages(visit).code(Notice(error)) : pages(visit).address(Notice(error))
            return answer(
                page, to: visit, cookies: isAlive ? [] : [ApprovalCookie.code.clearing(isSecure: isSecure)])
        }
    }

    private func letIn(
        _ contact: ContactAddress, provenBy challenge: String, _ visit: ApprovalVisit
    ) async throws(PasscodeError) -> Response {
        guard let address = EmailAddress(contact.value) else { throw .unavailable("a code for no e-mail address") }
        let session: ApproverSessionToken
        do {
            session = try await rooms.permissions.approverSessions.open(
                for: address, provenBy: challenge, workspace: visit.workspace.id, origin: visit.origin)
        } catch  where error.code == .notFound {
            // Switched off since the code was sent.
            throw .challengeUnknown()
        } catch {
            throw .unavailable(error.description)
        }
        return reload(
            visit,
            cookies: [
                ApprovalCookie.session.setting(session.value, isSecure: isSecure),
                ApprovalCookie.code.clearing(isSecure: isSecure),
                // A secret that somebody may have planted here before is worth nothing from now on.
                ApprovalCookie.browser.setting(BrowserSecret().text, isSecure: isSecure),
            ])
    }

    /// `POST /approve/:id/leave`
    func leave(_ form: ApprovalForm, _ visit: ApprovalVisit) async throws -> Response {
        if let person = visit.person {
            try await rooms.permissions.approverSessions.end(
                person.session, of: person.approver, origin: visit.origin)
        }
        return reload(visit, cookies: ApprovalCookie.allCases.map { $0.clearing(isSecure: isSecure) })
    }
}
