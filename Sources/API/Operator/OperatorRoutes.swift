import HTTPServer
import Logging
import Passcodes
import Workspaces

/// The operator's API: workspace, keys, signing keys, webhooks, checkup.
struct OperatorRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, "/v1/workspace") { try await answering($0, showWorkspace) }
        try router.on(.PATCH, "/v1/workspace") { try await answering($0, changeWorkspace) }
        try router.on(.GET, "/v1/keys") { try await answering($0, listKeys) }
        try router.on(.POST, "/v1/keys") { try await answering($0, createKey) }
        try router.on(.DELETE, "/v1/keys/:id") { try await answering($0, revokeKey) }
        try router.on(.GET, "/v1/signing-keys") { try await answering($0, listSigningKeys) }
        try router.on(.POST, "/v1/signing-keys/rotate") { try await answering($0, rotateSigningKeys) }
        try registerWebhooks(in: &router)
        try router.on(.GET, "/v1/doctor") { try await answering($0, checkUp) }
    }

    typealias Handler = @Sendable (Request, CallerIdentity) async throws -> Response

    /// Lets operators in, runs the handler, and maps what it throws to problem details.
    func answering(_ request: Request, _ handler: Handler) async throws -> Response {
        do {
            let identity = try await rooms.identify(request)
            try identity.requireOperator()
            return try await handler(request, identity)
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
