import AuditLog
import HTTPServer
import Passcodes
import Permissions
import Workspaces

/// One request for the page, once it is known which permission it is about and who asks.
struct ApprovalVisit: Sendable {
    private(set) var permission: Permission
    let workspace: Workspace
    let cookies: ApprovalCookies
    /// Nil where nobody is known to sit there.
    let person: Person?
    let origin: RequestOrigin
    /// The browser's network, for limits; nil over the Unix socket.
    let network: String?

    /// Somebody who entered a code that was sent to them.
    struct Person: Sendable {
        let approver: Approver
        let session: ApproverSessionToken
    }

    /// Whether there is still something to decide.
    var isOpen: Bool { permission.status == .pending }

    /// The challenge whose code the browser waits for, by its own account.
    var challenge: String? { cookies.awaitedChallenge(for: permission.id) }

    /// The token of the forms on this visit's page.
    var formToken: String { cookies.browser.formToken(for: permission.id, session: cookies.session) }

    /// Whether a form is one that this browser was sent, for this request and this person.
    func accepts(formToken: String) -> Bool {
        cookies.browser.accepts(formToken, for: permission.id, session: cookies.session)
    }

    /// The same visit once the permission stands otherwise.
    func after(_ change: Permission) -> Self {
        var visit = self
        visit.permission = change
        return visit
    }

    /// The visitor as the passcodes know callers.
    var caller: PasscodeCaller {
        PasscodeCaller(workspace: workspace, mode: .live, origin: origin, network: network)
    }
}

extension Rooms {
    /// Finds out what a request for the page is about. Throws `PermissionError.notFound` alike for a permission that
    /// there is not and for one that nobody was asked about.
    func approvalVisit(_ request: Request, isSecure: Bool) async throws -> ApprovalVisit {
        let cookies = ApprovalCookies(request, isSecure: isSecure)
        let permission = try await permissions.requests.prompt(request.parameter("id"))
        let workspace = try await directory.workspace(permission.workspace)
        var person: ApprovalVisit.Person?
        if let session = cookies.session.map(ApproverSessionToken.init(presented:)),
            let approver = try await permissions.approverSessions.approver(session, workspace: workspace.id)
        {
            person = .init(approver: approver, session: session)
        }
        return ApprovalVisit(
            permission: permission, workspace: workspace, cookies: cookies, person: person,
            origin: RequestOrigin(
                principal: person.map { .approver($0.approver.id) } ?? .visitor,
                request: request.identifier.description, address: request.peer.description,
                userAgent: request.headers["User-Agent"] ?? ""),
            network: request.peer.network)
    }
}
