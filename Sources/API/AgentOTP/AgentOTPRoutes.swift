import AuditLog
import HTTPServer
import Logging
import Permissions
import Workspaces

/// The Agent OTP dialect: one-time permissions for agents.
struct AgentOTPRoutes: Sendable {
    static let prefix = "/api/v1"
    /// Below it are the addresses that agents are given as `webhookUrl`.
    private static let webSockets = "/ws/"
    private static let nouns = ["permissions", "agents", "policies", "audit", "metrics", "health"]

    let rooms: Rooms

    /// True for the paths that answer in this dialect, errors of the server itself included.
    static func owns(path: String?) -> Bool {
        guard let path else { return false }
        if path.hasPrefix(webSockets) { return true }
        return nouns.contains { path == "\(prefix)/\($0)" || path.hasPrefix("\(prefix)/\($0)/") }
    }

    func register(in router: inout Router) throws {
        try router.on(.GET, Self.prefix + "/health") { _ in
            let isSigned = await rooms.auditLog.refused().isEmpty
            return Envelope.health(isWell: isSigned, now: rooms.clock.now())
        }
        try registerPermissions(in: &router)
        try registerAgents(in: &router)
        try registerPolicies(in: &router)
        try registerAudit(in: &router)
        try registerMetrics(in: &router)
    }

    typealias Handler = @Sendable (Request, PermissionCaller) async throws -> Response

    /// A route whose caller is known by a key or by the Unix socket.
    ///
    /// - Parameters:
    ///   - operation: the name under which the time to answer is counted; nil where it is not.
    ///   - action: what is tried on the permission that the path names, for the audit of failures.
    func on(
        _ method: HTTPMethod, _ path: String, measuredAs operation: String? = nil, trying action: AuditAction? = nil,
        in router: inout Router, _ handler: @escaping Handler
    ) throws {
        try router.on(method, Self.prefix + path) { request in
            let start = ContinuousClock.now
            defer { if let operation { rooms.durations.add(.now - start, to: operation) } }
            return try await answering(request, trying: action, with: handler)
        }
    }

    /// Finds the caller, runs the handler, and maps what either throws to the dialect's errors; the log keeps the reason
    /// by request id, and the audit what nobody may try.
    private func answering(
        _ request: Request, trying action: AuditAction?, with handler: Handler
    ) async throws -> Response {
        do {
            let caller = try await rooms.permissionCaller(of: request)
            var response: Response
            do { response = try await handler(request, caller) } catch let error as PermissionError {
                let id = request.parameters["id"] ?? ""
                let told = await rooms.permissions.callers.refuse(error, of: caller, trying: action, on: id)
                response = try refusal(of: request, told)
            } catch {
                response = try refusal(of: request, error)
            }
            if case .agent(let agent) = caller { response.headers.set(agent.rate) }
            return response
        } catch {
            return try refusal(of: request, error)
        }
    }

    /// What the caller is told of an error. Rethrows what is no refusal.
    func refusal(of request: Request, _ error: any Error) throws -> Response {
        guard let (answer, reason) = AgentOTPError.translating(error) else { throw error }
        rooms.logRefusal(of: request, code: answer.code, reason: reason)
        return answer.response
    }
}
