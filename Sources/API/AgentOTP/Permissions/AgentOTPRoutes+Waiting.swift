import HTTPServer
import Permissions

extension AgentOTPRoutes {
    /// Seconds that one long poll may last.
    private static let waits = 0...30

    func registerWaiting(in router: inout Router) throws {
        try on(.GET, "/permissions/:id", trying: .permissionCollected, in: &router, showPermission)
        try on(.GET, "/permissions/:id/events", trying: .permissionCollected, in: &router, streamChanges)
        try router.on(.GET, "/ws/:id", openWebSocket)
    }

    /// `GET /permissions/:id`: for the agent that asked, with the token the first time after the approval; for operators
    /// and approvers, without. With `wait` it is answered when the permission is decided, or after so many seconds.
    @Sendable private func showPermission(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let wait = try QueryReader(request).number("wait") ?? 0
        guard Self.waits.contains(wait) else {
            throw PermissionError.invalidField("wait", "must be 0 to \(Self.waits.upperBound) seconds")
        }
        let id = request.parameter("id")
        guard wait > 0 else { return try await look(at: id, by: caller).response }
        // Who listens before looking misses nothing.
        let changes = try rooms.permissions.events.changes(of: id)
        let found = try await look(at: id, by: caller)
        guard found.status == .pending else { return found.response }
        return .later(
            after: changes.filter { $0.status != .pending }, atMost: .seconds(wait), by: caller.waitingNames
        ) {
            do {
                // Whoever was let in may have lost the key, or the place to use it from, while waiting.
                try await rooms.permissions.callers.requireInForce(caller)
                return try await look(at: id, by: caller).response
            } catch {
                return try refusal(of: request, error)
            }
        }
    }

    /// How a permission stands, and what the caller is answered. For its agent it is also when the token is handed out.
    private func look(
        at id: String, by caller: PermissionCaller
    ) async throws -> (status: PermissionStatus, response: Response) {
        let permission: Permission
        let text: JSONObjectText
        switch caller {
        case .agent(let agent):
            let answer = try await rooms.permissions.requests.collect(id, for: agent)
            permission = answer.permission
            text = PermissionText(permission, token: answer.token, addresses: addresses).object
        case .approver(let approver):
            permission = try await rooms.permissions.requests.permission(id, workspace: approver.workspace.id)
            text = PermissionText(permission, addresses: addresses).forApprovers
        case .verifier: throw PermissionError.notPermitted(to: .look)
        }
        return (permission.status, Envelope.data(text))
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
            PermissionUpdates(permission, changes).prefix { _ in await isInForce(caller) }
                .map { ServerSentEvent(event: $0.type, data: $0.payload) },
            by: caller.waitingNames)
    }

    /// Whether who was let in may still hear: nobody does who lost the key, or the place to use it from.
    private func isInForce(_ caller: PermissionCaller) async -> Bool {
        do { try await rooms.permissions.callers.requireInForce(caller) } catch { return false }
        return true
    }

    /// `GET /ws/:id`: the `webhookUrl` of a request that people decide about. Whoever was given the address may listen;
    /// it says how the request stands and never a token.
    @Sendable private func openWebSocket(_ request: Request) async throws -> Response {
        do {
            let id = request.parameter("id")
            let changes = try rooms.permissions.events.changes(of: id)
            let permission = try await rooms.permissions.requests.prompt(id)
            return .webSocket(
                PermissionUpdates(permission, changes).map(\.message),
                by: ["permission:\(id)"] + request.peer.waitingNames)
        } catch {
            return try refusal(of: request, error)
        }
    }
}

extension PermissionCaller {
    /// Under which names the caller waits: an agent with all its keys, a person with all theirs.
    fileprivate var waitingNames: [String] {
        switch self {
        case .agent(let caller): ["agent:\(caller.agent.id)"]
        case .approver(let caller): [caller.name]
        case .verifier(let caller): [caller.origin.principal.description]
        }
    }
}

extension Peer {
    /// Under which names somebody waits of whom only the address is known. A peer on this machine is, as a rule, the
    /// proxy that stands in front, and so everybody.
    var waitingNames: [String] {
        guard case .address(let ip, _) = self, !SocketNetwork.isLoopback(ip), let network else { return [] }
        return ["network:\(network)"]
    }
}
