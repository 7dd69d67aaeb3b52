import EnclaveLink
import HTTPServer
import Permissions
import Workspaces

/// Whether all agents of a workspace are switched off, on the wire of the operator's API.
public struct AgentStopDescription: Codable, Sendable {
    public var stopped: Bool
    /// RFC 3339; nil where they are not.
    public var stoppedAt: String?

    enum CodingKeys: String, CodingKey {
        case stopped
        case stoppedAt = "stopped_at"
    }

    init(since: Int64?) {
        stopped = since != nil
        stoppedAt = since.map(WireTime.text)
    }
}

/// What the dialect has no words for: the switch for all agents, and the keys of each.
extension OperatorRoutes {
    func registerAgents(in router: inout Router) throws {
        try on(.GET, "/v1/agents/stop", in: &router, showStop)
        try on(.POST, "/v1/agents/stop", in: &router, stopAgents)
        try on(.POST, "/v1/agents/resume", in: &router, resumeAgents)
        try on(.POST, "/v1/agents/:id/revoke", in: &router, revokeAgent)
        try on(.GET, "/v1/agents/:id/keys", in: &router, listAgentKeys)
        try on(.POST, "/v1/agents/:id/keys", in: &router, createAgentKey)
        try on(.DELETE, "/v1/agents/:id/keys/:key", in: &router, revokeAgentKey)
    }

    private var agents: Agents { rooms.permissions.agents }

    /// `GET /v1/agents/stop`
    @Sendable private func showStop(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try Response.json(
            AgentStopDescription(since: try await agents.stoppedSince(workspace: identity.workspace.id)))
    }

    /// `POST /v1/agents/stop`
    @Sendable private func stopAgents(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await agents.stopAll(workspace: identity.workspace.id, origin: identity.origin)
        return try await showStop(request, identity)
    }

    /// `POST /v1/agents/resume`
    @Sendable private func resumeAgents(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await agents.resumeAll(workspace: identity.workspace.id, origin: identity.origin)
        return try await showStop(request, identity)
    }

    /// `POST /v1/agents/:id/revoke`: its keys, and what they opened.
    @Sendable private func revokeAgent(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await agents.revoke(request.parameter("id"), workspace: identity.workspace.id, origin: identity.origin)
        return Response(status: .noContent)
    }

    /// `GET /v1/agents/:id/keys`
    @Sendable private func listAgentKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let keys = try await agents.keys(of: request.parameter("id"), workspace: identity.workspace.id)
        return try Response.json(KeyListing(keys: keys.map { KeyDescription($0, at: rooms.clock.now()) }))
    }

    private struct AgentKeyWish: Decodable {
        static let fields = ["mode", "name", "expires_in_days"]

        var mode: String?
        var name: String?
        var expiresInDays: Int?

        enum CodingKeys: String, CodingKey {
            case mode, name
            case expiresInDays = "expires_in_days"
        }
    }

    /// `POST /v1/agents/:id/keys`: one more key, beside those that there are.
    @Sendable private func createAgentKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.readOptional(AgentKeyWish.self, fields: AgentKeyWish.fields)
        guard let mode = ChallengeMode(rawValue: wish?.mode ?? "live") else {
            throw Problem.invalidField("mode", "must be live or test.")
        }
        let created = try await agents.addKey(
            to: request.parameter("id"), workspace: identity.workspace.id, mode: mode, name: wish?.name ?? "",
            lifetime: wish?.expiresInDays, origin: identity.origin)
        return try Response.json(
            KeyDescription(created.key, at: rooms.clock.now(), key: created.secret.text), status: .created)
    }

    /// `DELETE /v1/agents/:id/keys/:key`: one key, and what it opened.
    @Sendable private func revokeAgentKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        do {
            try await agents.revokeKey(
                request.parameter("key"), of: request.parameter("id"), workspace: identity.workspace.id,
                origin: identity.origin)
        } catch {
            // Ending what has ended is no failure for whoever wants it ended.
            guard case .workspace(let cause) = error.code, cause.code == .keyRevoked else { throw error }
        }
        return Response(status: .noContent)
    }
}
