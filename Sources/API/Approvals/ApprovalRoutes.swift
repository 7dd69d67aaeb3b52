import HTTPServer
import Logging
import Passcodes
import Permissions
import Workspaces

/// The page on which people decide what agents ask for (`approvalUrl`): plain forms, no script.
///
/// A GET decides nothing, sends nothing and uses nothing up, because mail scanners and previews follow links. Each step
/// is a form of the page's own.
struct ApprovalRoutes: Sendable {
    private static let prefix = "/approve"

    let rooms: Rooms

    /// True for the paths that answer with pages, errors of the server itself included.
    static func owns(path: String?) -> Bool { path?.hasPrefix(prefix + "/") ?? false }

    func register(in router: inout Router) throws {
        try router.on(.GET, Self.prefix + "/page.css") { _ in StyleSheet.response }
        try router.on(.GET, Self.prefix + "/:id") { request in
            try await answering(request) { try await show(request, $0) }
        }
        let steps: [(String, FormHandler)] = [
            ("address", sendCode), ("code", enterCode), ("decision", decide), ("leave", leave),
        ]
        for (step, handler) in steps {
            try router.on(.POST, "\(Self.prefix)/:id/\(step)") { request in
                try await answering(request) { try await handler(form(request, $0), $0) }
            }
        }
    }

    /// The page for what the server refuses itself.
    static func refusal(_ reason: RefusalReason, in rooms: Rooms) -> Response {
        PlainPage.page(Notice(reason)).response(folder: ApprovalRoutes(rooms: rooms).folder)
    }

    typealias FormHandler = @Sendable (ApprovalForm, ApprovalVisit) async throws -> Response

    /// Cookies stay under https where the server is known under https.
    var isSecure: Bool { rooms.issuer.address.hasPrefix("https://") }

    /// The pages' path as browsers see it: a proxy may serve this server under a path of its own.
    var folder: String { rooms.issuer.path + Self.prefix }

    func pages(_ visit: ApprovalVisit) -> ApprovalPages { ApprovalPages(folder: folder, visit: visit) }

    /// The answer with a page; the browser keeps the secret that its forms are tied to.
    func answer(_ page: ApprovalPage, to visit: ApprovalVisit, cookies: [String] = []) -> Response {
        let browser = ApprovalCookie.browser.setting(visit.cookies.browser.text, isSecure: isSecure)
        return page.response(folder: folder, cookies: [browser] + cookies)
    }

    /// The answer that lets the browser load the request's page anew.
    func reload(_ visit: ApprovalVisit, cookies: [String]) -> Response {
        var response = Response(
            status: .seeOther, headers: ["Location": pages(visit).here, "Cache-Control": "no-store"])
        for cookie in cookies { response.headers.add("Set-Cookie", cookie) }
        return response
    }

    /// Finds out what the request is about, runs the handler, and makes a page of what either throws; the log keeps the
    /// reason by request id.
    private func answering(
        _ request: Request, _ handler: (ApprovalVisit) async throws -> Response
    ) async throws -> Response {
        do {
            let visit = try await rooms.approvalVisit(request, isSecure: isSecure)
            do {
                return try await handler(visit)
            } catch {
                let page = try refusal(of: request, error, pages(visit).link("Open the page again"))
                return answer(page, to: visit)
            }
        } catch {
            return try refusal(of: request, error).response(folder: folder)
        }
    }

    /// One of the page's own forms; takes one request from the limit of the browser's network.
    private func form(_ request: Request, _ visit: ApprovalVisit) async throws -> ApprovalForm {
        if let network = visit.network { try await rooms.visitorLimit.take(network: network, from: visit.workspace) }
        return try ApprovalForm(request, of: visit)
    }

    /// What the person is told of an error. Rethrows what is no refusal.
    private func refusal(of request: Request, _ error: any Error, _ link: HTML? = nil) throws -> ApprovalPage {
        let (notice, reason): (Notice, String)
        switch error {
        case let error as PermissionError where error.code == .notFound:
            rooms.logRefusal(of: request, code: "approval_unknown", reason: error.description)
            return PlainPage.notFound
        case let error as PermissionError: (notice, reason) = (Notice(error), error.description)
        case let error as PasscodeError: (notice, reason) = (Notice(error), error.description)
        case let error as WorkspaceError: (notice, reason) = (Notice(error), error.description)
        case let error as FormRefusal: (notice, reason) = (Notice(error), "form: \(error)")
        default: throw error
        }
        rooms.logRefusal(of: request, code: "approval_refused", reason: reason)
        return PlainPage.page(notice, link)
    }
}

extension Issuer {
    /// The path of the server's address, without a slash at its end; empty where it has none.
    fileprivate var path: String {
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? "/" + parts[3] : ""
    }
}
