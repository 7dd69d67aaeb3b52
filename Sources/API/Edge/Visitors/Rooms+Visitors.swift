import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension Rooms {
    /// Answers a visitor whose workspace is named in `header`: finds the workspace, checks the page, takes one request
    /// from the network's limit, and lets the page read what comes of it, refusals of the handler included.
    ///
    /// - Parameter refusal: what an error looks like to the visitor; rethrows what it does not know.
    func answerVisitor(
        _ request: Request, configuration header: String, refusal: (any Error) throws -> Response,
        handler: (Request, Visitor) async throws -> Response
    ) async throws -> Response {
        do {
            let workspace = try await workspace(configuration: request.headers.values(header))
            let visitor = try Visitor(request, of: workspace, in: self)
            return try await answer(visitor, refusal: refusal) { try await handler(request, visitor) }
        } catch {
            // Nobody knows here that the page is a good one, so it reads nothing.
            var response = try refusal(error)
            CrossOrigin.share(&response, with: nil)
            return response
        }
    }

    /// Takes one request from the limit of the visitor's network, runs the handler, and lets the page read the answer.
    func answer(
        _ visitor: Visitor, refusal: (any Error) throws -> Response, handler: () async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            if let network = visitor.network {
                try await visitorLimit.take(network: network, from: visitor.workspace)
            }
            response = try await handler()
        } catch {
            response = try refusal(error)
        }
        CrossOrigin.share(&response, with: visitor.page)
        return response
    }

    /// The origin of the page that asks, if the workspace lists it or the page is this server's own; nil for a request
    /// of no page. Throws `pageNotAllowed`.
    func page(of request: Request, in workspace: Workspace) throws(VisitorRefusal) -> String? {
        try CrossOrigin.page(
            of: request, allowed: workspace.settings.allowedOrigins + (demonstration?.origins ?? []))
    }

    /// The answer to a browser's question whether it may send what it wants to. It does not say for which workspace, so
    /// any workspace's origins will do; the request itself is held to its own workspace's.
    func preflight(_ request: Request, methods: [HTTPMethod]) async throws -> Response {
        let origins = request.headers.values("Origin")
        guard origins.count == 1, let origin = origins.first else {
            return CrossOrigin.preflight(request, methods: methods, isAllowed: false)
        }
        var isAllowed = demonstration?.origins.contains(origin) ?? false
        if !isAllowed { isAllowed = try await directory.someWorkspaceAllows(origin: origin) }
        return CrossOrigin.preflight(request, methods: methods, isAllowed: isAllowed)
    }

    /// The page that may read why the server itself refused its request; nil for a request of no page. A page that was
    /// let in asked before whether it may (`preflight`).
    func page(of request: RefusedRequest) -> String? {
        let origins = request.headers.values("Origin")
        guard origins.count == 1, let origin = origins.first else { return nil }
        let isOwn = demonstration?.origins.contains(origin) ?? false
        return isOwn || directory.someWorkspaceAllowedLately(origin: origin) ? origin : nil
    }

    /// Checks the captcha in `X-Captcha-Token`, where the visitor's workspace asks for one.
    /// Throws `captchaRefused`, `unavailable`; `VisitorRefusal.malformedCaptchaToken`.
    func checkCaptcha(_ request: Request, _ visitor: Visitor) async throws {
        let values = request.headers.values("X-Captcha-Token")
        guard values.count <= 1, values.allSatisfy({ $0.utf8.count <= CaptchaToken.maximumLength }) else {
            throw VisitorRefusal.malformedCaptchaToken
        }
        let token = values.first.flatMap { $0.isEmpty ? nil : CaptchaToken($0) }
        try await captcha.check(
            token, address: visitor.address, workspace: visitor.workspace, origin: visitor.origin)
    }

    private func workspace(configuration values: [String]) async throws -> Workspace {
        guard values.count == 1, let value = values.first else { throw VisitorRefusal.configurationMissing }
        do {
            return try await directory.workspace(authProxyConfiguration: value)
        } catch  where error.code == .notFound {
            throw VisitorRefusal.configurationUnknown
        }
    }
}
