import HTTPServer
import Logging
import Passcodes
import Workspaces

/// The operator's API: workspace, keys, signing keys, checkup, webhooks; approvers, the agents' switch and keys, sets of
/// policies, templates of messages.
struct OperatorRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try on(.GET, "/v1/workspace", in: &router, showWorkspace)
        try on(.PATCH, "/v1/workspace", in: &router, changeWorkspace)
        try on(.GET, "/v1/keys", in: &router, listKeys)
        try on(.POST, "/v1/keys", in: &router, createKey)
        try on(.PATCH, "/v1/keys/:id", in: &router, changeKey)
        try on(.DELETE, "/v1/keys/:id", in: &router, revokeKey)
        try on(.GET, "/v1/signing-keys", in: &router, listSigningKeys)
        try on(.POST, "/v1/signing-keys/rotate", in: &router, rotateSigningKeys)
        try registerWebhooks(in: &router)
        try on(.GET, "/v1/doctor", in: &router, checkUp)
        try registerApprovers(in: &router)
        try registerAgents(in: &router)
        try registerPolicies(in: &router)
        try registerTemplates(in: &router)
        try registerTestRecipients(in: &router)
        try registerGuard(in: &router)
        try registerVault(in: &router)
    }

    typealias Handler = @Sendable (Request, CallerIdentity) async throws -> Response

    /// A route for operators.
    func on(_ method: HTTPMethod, _ path: String, in router: inout Router, _ handler: @escaping Handler) throws {
        try router.on(method, path) { try await answering($0, handler) }
    }

    /// Lets operators in, runs the handler, and maps what it throws to problem details.
    func answering(_ request: Request, _ handler: Handler) async throws -> Response {
        try await refusing(request) { try await handler(request, rooms.identifyOperator(request)) }
    }

    /// Maps what an answer throws to problem details.
    func refusing(_ request: Request, _ answer: () async throws -> Response) async throws -> Response {
        do {
            return try await answer()
        } catch {
            guard let (problem, reason) = Self.translate(error) else { throw error }
            rooms.logRefusal(of: request, code: problem.code, reason: reason)
            return problem.response
        }
    }

    private static func translate(_ error: any Error) -> (Problem, reason: String)? {
        guard let (translated, reason) = Problem.translating(error) else { return nil }
        var problem = translated
        if (error as? WorkspaceError)?.code == .keyMissing {
            problem.detail = "Send an operator's key: Authorization: Bearer uk_live_…"
        }
        return (problem, reason)
    }
}
