import HTTPServer
import Permissions
import Policies

extension AgentOTPRoutes {
    func registerPermissions(in router: inout Router) throws {
        try on(.POST, "/permissions/request", measuredAs: "request", in: &router, requestPermission)
        try on(.GET, "/permissions", in: &router, listPermissions)
        try on(
            .POST, "/permissions/:id/verify", measuredAs: "verify", trying: .permissionVerified, in: &router,
            verifyToken)
        try on(.POST, "/permissions/:id/use", measuredAs: "use", trying: .permissionUsed, in: &router, useToken)
        try on(.POST, "/permissions/:id/revoke", trying: .permissionRevoked, in: &router, revokePermission)
        try registerWaiting(in: &router)
        try on(.POST, "/permissions/:id/decide", measuredAs: "decide", trying: .permissionDecided, in: &router, decide)
    }

    /// `POST /permissions/request`
    @Sendable private func requestPermission(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let agent = try caller.agent()
        var body = try BodyReader(request)
        let wish = PermissionWish(
            action: body.text("action", PermissionWish.actionLengths),
            resource: body.optionalText("resource", PermissionWish.resourceLengths),
            scope: body.objectOrEmpty("scope"), context: body.objectOrEmpty("context"),
            lifetime: body.integer("ttl", PermissionWish.lifetimes) ?? PermissionWish.usualLifetime,
            tokenFormat: Self.tokenFormat(&body), idempotency: try request.idempotency())
        body.refuseMisspelt(["action", "resource", "scope", "context", "ttl", "tokenFormat"])
        try body.check()
        let answer = try await rooms.permissions.requests.request(wish, for: agent)
        var response = PermissionText(answer.permission, token: answer.token, addresses: addresses).asked
        if answer.isReplay { response.headers["Idempotency-Replayed"] = "true" }
        return response
    }

    private static func tokenFormat(_ body: inout BodyReader) -> TokenFormat {
        guard let name = body.optionalText("tokenFormat") else { return .opaque }
        if let format = TokenFormat(rawValue: name) { return format }
        let names = TokenFormat.allCases.map(\.rawValue).joined(separator: " or ")
        return body.fault("tokenFormat", "must be \(names)") ?? .opaque
    }

    /// `GET /permissions`: an agent's own, or the workspace's.
    @Sendable private func listPermissions(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let query = QueryReader(request)
        var filter = PermissionFilter(
            status: try query.choice("status", PermissionStatus.self), agent: query.text("agentId"))
        if case .agent(let agent) = caller {
            guard filter.agent == nil || filter.agent == agent.agent.id else { throw PermissionError.notFound("agent") }
            filter.agent = agent.agent.id
            filter.mode = agent.mode
        } else {
            _ = try caller.approver()
        }
        let page = try await rooms.permissions.requests.list(filter, workspace: caller.workspace.id, query.page())
        let isAgent = if case .agent = caller { true } else { false }
        return Envelope.page(page) {
            let text = PermissionText($0, addresses: addresses)
            return isAgent ? text.object : text.forApprovers
        }
    }

    /// `POST /permissions/:id/verify`: consumes nothing.
    @Sendable private func verifyToken(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        var body = try BodyReader(request)
        let token = PermissionToken(presented: body.text("token", 1...PermissionToken.longest))
        try body.check()
        let found = try await rooms.permissions.requests.verify(
            request.parameter("id"), token, by: caller.tokenCaller())
        var answer = JSONObjectText()
        switch found {
        case .valid(let scope, let usesLeft, let expiresAt):
            answer.add("valid", true)
            answer.add("scope", json: scope.text)
            answer.add("usesRemaining", usesLeft)
            answer.add("expiresAt", WireTime.exactText(expiresAt))
        case .invalid(let fault):
            answer.add("valid", false)
            answer.add("reason", fault.reason)
        }
        return Envelope.data(answer)
    }

    /// `POST /permissions/:id/use`
    @Sendable private func useToken(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        var body = try BodyReader(request)
        let token = PermissionToken(presented: body.text("token", 1...PermissionToken.longest))
        let details = body.value("actionDetails")
        if let details, details.members == nil { body.fault("actionDetails", "must be an object") }
        body.refuseMisspelt(["token", "actionDetails"])
        try body.check()
        let use = try await rooms.permissions.requests.use(
            request.parameter("id"), token, details: details, by: caller.tokenCaller())
        var answer = JSONObjectText()
        switch use {
        case .done(let usesLeft):
            answer.add("success", true)
            answer.add("usesRemaining", usesLeft)
        case .refused(let fault, let usesLeft):
            answer.add("success", false)
            answer.add("usesRemaining", usesLeft)
            answer.add("reason", fault.reason)
        }
        return Envelope.data(answer)
    }

    /// `POST /permissions/:id/revoke`
    @Sendable private func revokePermission(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        var body = try BodyReader(request)
        let reason = body.optionalText("reason", 0...PermissionDecision.reasonLimit)
        try body.check()
        let permission = try await rooms.permissions.requests.revoke(
            request.parameter("id"), reason: reason, by: caller)
        var answer = JSONObjectText()
        answer.add("success", true)
        answer.add("revokedAt", permission.endedAt.map(WireTime.exactText))
        return Envelope.data(answer)
    }

    /// `POST /permissions/:id/decide`: answers the decision, never the token.
    @Sendable private func decide(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let approver = try caller.approver()
        var body = try BodyReader(request)
        let approved = body.flag("approved")
        if approved == nil, body.faults.isEmpty { body.fault("approved", "is missing") }
        let modifications = body.value("scopeModifications")
        if let modifications, modifications.members == nil { body.fault("scopeModifications", "must be an object") }
        let decision = PermissionDecision(
            approved: approved ?? false, reason: body.optionalText("reason", 0...PermissionDecision.reasonLimit),
            scopeModifications: modifications, number: body.optionalText("number", PermissionDecision.numberLengths),
            statementDigest: body.optionalText("statementDigest"))
        body.refuseMisspelt(["approved", "reason", "scopeModifications", "number", "statementDigest"])
        try body.check()
        let permission = try await rooms.permissions.requests.decide(request.parameter("id"), decision, by: approver)
        return Envelope.data(PermissionText(permission, addresses: addresses).forApprovers)
    }

    var addresses: PermissionAddresses { PermissionAddresses(issuer: rooms.issuer) }
}
