import HTTPServer
import Logging
import Passcodes
import Workspaces

/// Our own sealed API: a challenge, an attempt, a session, in flat JSON and standard pieces.
struct SealedRoutes: Sendable {
    /// Names the workspace of a visitor. Public, and no secret.
    static let configurationHeader = "X-Countersign-Config"

    private static let prefixes = ["/v1/challenges", "/v1/sessions"]

    let rooms: Rooms

    /// True for the paths that visitors' pages may ask for, and read the server's own refusals of.
    static func owns(path: String?) -> Bool {
        guard let path else { return false }
        return prefixes.contains(where: path.hasPrefix)
    }

    func register(in router: inout Router) throws {
        try router.on(.POST, "/v1/challenges") { try await answering($0, for: .send, createChallenge) }
        try router.on(.POST, "/v1/challenges/:id/attempts") { try await answering($0, for: .verify, attempt) }
        try router.on(.POST, "/v1/sessions") { try await answering($0, for: .verify, logIn) }
        try router.on(.GET, "/v1/sessions/me") { try await answeringSession($0, showSession) }
        try router.on(.DELETE, "/v1/sessions/:id") { request in
            // A proof says that a session asks, also where its token is missing.
            let isInSession = request.presentedSession != nil || request.headers.contains("DPoP")
            return isInSession
                ? try await answeringSession(request, endOwnSession)
                : try await answering(request, for: .verify, endAnySession)
        }
        let methods: [(String, HTTPMethod)] = [
            ("/v1/challenges", .POST), ("/v1/challenges/:id/attempts", .POST), ("/v1/sessions", .POST),
            ("/v1/sessions/me", .GET), ("/v1/sessions/:id", .DELETE),
        ]
        for (path, method) in methods {
            try router.on(.OPTIONS, path) { try await rooms.preflight($0, methods: [method]) }
        }
    }

    typealias Handler = @Sendable (Request, SealedCaller) async throws -> Response

    /// Finds who asks, runs the handler, and maps what it throws to problem details. A back end's key needs the ability.
    private func answering(
        _ request: Request, for ability: KeyAbility, _ handler: Handler
    ) async throws -> Response {
        guard request.headers.contains(Self.configurationHeader) else {
            do {
                return try await handler(request, SealedCaller(rooms.identify(request, for: ability), request))
            } catch {
                return try refusal(of: request, error)
            }
        }
        return try await rooms.answerVisitor(
            request, configuration: Self.configurationHeader, refusal: { try refusal(of: request, $0) }
        ) { request, visitor in
            guard !request.headers.contains("Authorization") else { throw Problem.twoCallers }
            return try await handler(request, SealedCaller(visitor))
        }
    }

    /// What the caller is told of an error; the log keeps the reason by request id. Rethrows what is no refusal.
    func refusal(of request: Request, _ error: any Error) throws -> Response {
        guard let (translated, reason) = Problem.translating(error) else { throw error }
        var problem = translated
        if (error as? WorkspaceError)?.code == .keyMissing { problem.detail = Self.whoAsks }
        rooms.logRefusal(of: request, code: problem.code, reason: reason)
        return problem.response
    }

    private static let whoAsks =
        "Send a secret key (Authorization: Bearer sk_live_…), or from an app or page \(configurationHeader)."
}

extension Problem {
    fileprivate static let twoCallers = Problem(
        .badRequest, "ambiguous_caller", "Send a key or \(SealedRoutes.configurationHeader), not both.")
}
