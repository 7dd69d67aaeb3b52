import HTTPServer
import Permissions

extension AgentOTPRoutes {
    func registerWaiting(in router: inout Router) throws {
        try on(.GET, "/permissions/:id/events", trying: .permissionCollected, in: &router, streamChanges)
        try router.on(.GET, "/ws/:id", openWebSocket)
    }

    /// Waits until a permission is decided, `seconds` have passed, the client leaves or the server ends.
    func waitForDecision(_ id: String, workspace: String, atMost seconds: Int, _ request: Request) async throws {
        let requests = rooms.permissions.requests
        try await request.wait(atMost: .seconds(seconds)) {
            // A wait that was cut short is no failure: what stands then is the answer.
            try? await requests.waitForDecision(id, workspace: workspace)
        }
    }

    /// `GET /permissions/:id/events`: how the permission stands, and each change, as server-sent events.
    @Sendable private func streamChanges(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let id = request.parameter("id")
        if case .verifier = caller { throw PermissionError.notPermitted(to: .look) }
        let changes = try rooms.permissions.events.changes(of: id)
        let permission = try await rooms.permissions.requests.permission(id, workspace: caller.workspace.id)
        if case .agent(let agent) = caller, permission.agent != agent.agent.id || permission.mode != agent.mode {
            throw PermissionError.notFound("permission")
        }
        return .events(
            PermissionUpdates(permission, changes).map { ServerSentEvent(event: $0.type, data: $0.payload) })
    }

    /// `GET /ws/:id`: the `webhookUrl` of a request that people decide about. Whoever was given the address may listen;
    /// it says how the request stands and never a token.
    @Sendable private func openWebSocket(_ request: Request) async throws -> Response {
        do {
            let id = request.parameter("id")
            let changes = try rooms.permissions.events.changes(of: id)
            let permission = try await rooms.permissions.requests.prompt(id)
            return .webSocket(PermissionUpdates(permission, changes).map(\.message))
        } catch {
            return try refusal(of: request, error)
        }
    }
}
