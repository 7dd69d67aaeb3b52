import EnclaveLink
import HTTPServer
import Permissions
import Workspaces

extension AgentOTPRoutes {
    func registerAgents(in router: inout Router) throws {
        try on(.POST, "/agents", in: &router, createAgent)
        try on(.GET, "/agents", in: &router, listAgents)
        try on(.GET, "/agents/:id", in: &router, showAgent)
        try on(.PATCH, "/agents/:id", in: &router, changeAgent)
        try on(.PUT, "/agents/:id", in: &router, changeAgent)
        try on(.DELETE, "/agents/:id", in: &router, deleteAgent)
        try on(.POST, "/agents/:id/rotate-key", in: &router, rotateKey)
        try on(.GET, "/agents/:id/stats", in: &router, showStatistics)
    }

    private var agents: Agents { rooms.permissions.agents }

    /// `POST /agents`: the one answer that has the key.
    @Sendable private func createAgent(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        var body = try BodyReader(request)
        var profile = AgentProfile(name: body.text("name", AgentProfile.nameLengths))
        AgentChange(&body).apply(to: &profile)
        let mode = Self.mode(&body)
        try body.check()
        let created = try await agents.create(profile, workspace: asker.workspace.id, mode: mode, origin: asker.origin)
        var text = AgentText(created.agent).object
        text.add("apiKey", created.key.secret.text)
        return Envelope.data(text, status: .created)
    }

    /// `GET /agents`
    @Sendable private func listAgents(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let page = try await agents.list(workspace: asker.workspace.id, QueryReader(request).page())
        return Envelope.page(page) { AgentText($0).object }
    }

    /// `GET /agents/:id`
    @Sendable private func showAgent(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        return Envelope.data(
            AgentText(try await agents.agent(request.parameter("id"), workspace: asker.workspace.id)).object)
    }

    /// `PATCH` and `PUT /agents/:id`: what is not sent stays as it is.
    @Sendable private func changeAgent(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        var body = try BodyReader(request)
        let name = body.optionalText("name", AgentProfile.nameLengths)
        let change = AgentChange(&body)
        try body.check()
        let agent = try await agents.update(
            request.parameter("id"), workspace: asker.workspace.id, origin: asker.origin
        ) { profile in
            if let name { profile.name = name }
            change.apply(to: &profile)
        }
        return Envelope.data(AgentText(agent).object)
    }

    /// `DELETE /agents/:id`: its keys and tokens die with it, its audit entries stay.
    @Sendable private func deleteAgent(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let id = request.parameter("id")
        try await agents.delete(id, workspace: asker.workspace.id, origin: asker.origin)
        var text = JSONObjectText()
        text.add("id", id)
        text.add("deleted", true)
        return Envelope.data(text)
    }

    /// `POST /agents/:id/rotate-key`: the other answer that has a key.
    @Sendable private func rotateKey(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        var body = try BodyReader(request)
        let grace = body.integer("gracePeriod", GracePeriod.allowed) ?? GracePeriod.usual
        let isImmediate = body.flag("revokeImmediately") ?? false
        let mode = Self.mode(&body)
        try body.check()
        let rotation = try KeyRotation(gracePeriod: grace, revokesImmediately: isImmediate)
        let id = request.parameter("id")
        let key = try await agents.rotateKey(
            of: id, workspace: asker.workspace.id, mode: mode, rotation, origin: asker.origin)
        var text = JSONObjectText()
        text.add("id", id)
        text.add("apiKey", key.secret.text)
        if !rotation.revokesImmediately {
            let end = rooms.clock.now() + Int64(rotation.gracePeriod) * 1000
            text.add("oldKeysExpireAt", WireTime.exactText(end))
        }
        return Envelope.data(text)
    }

    /// `GET /agents/:id/stats`
    @Sendable private func showStatistics(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let agent = try await agents.agent(request.parameter("id"), workspace: asker.workspace.id)
        let period = try QueryReader(request).choice("period", MetricsPeriod.self) ?? .day
        let figures = try await rooms.permissions.metrics.figures(
            period, agent: agent.id, workspace: asker.workspace.id)
        var text = FiguresText(figures).object
        text.add("agentId", agent.id)
        return Envelope.data(text)
    }

    /// Which kind of key is wanted: `live` where nothing is said.
    private static func mode(_ body: inout BodyReader) -> ChallengeMode {
        guard let name = body.optionalText("mode") else { return .live }
        guard let mode = ChallengeMode(rawValue: name) else {
            body.fault("mode", "must be live or test")
            return .live
        }
        return mode
    }
}
