import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

/// The activities API: what back ends submit with a registered key, clients with a verification token, and users ask
/// in a session.
struct ActivityRoutes: Sendable {
    private static let submit = "/public/v1/submit/"
    private static let query = "/public/v1/query/"

    let rooms: Rooms
    let recent = RecentActivities()
    /// Clients' logins, apart from what back ends submit: strangers must not make those forgotten.
    let logins = RecentActivities()

    func register(in router: inout Router) throws {
        for kind in ActivityKind.allCases {
            try add(Self.submit + kind.rawValue, to: &router) { try await submit($0, kind) }
        }
        for path in ActivityKind.legacyPaths {
            try add(Self.submit + path, to: &router) { _ in throw ActivityKind.legacy }
        }
        try add(Self.query + "get_activity", to: &router, getActivity)
        try add(Self.query + "whoami", to: &router, whoAmI)
    }

    private func add(
        _ path: String, to router: inout Router, _ handler: @escaping @Sendable (Request) async throws -> Response
    ) throws {
        try router.on(.POST, path) { request in
            do {
                return try await handler(request)
            } catch {
                // Nobody knows here that a page which may be asking is a good one, so it reads nothing.
                var response = try rooms.turnkeyRefusal(of: request, error)
                CrossOrigin.share(&response, with: nil)
                return response
            }
        }
        try router.on(.OPTIONS, path) { try await rooms.preflight($0, methods: [.POST]) }
    }

    private func submit(_ request: Request, _ kind: ActivityKind) async throws -> Response {
        let stamp = try Stamp(request)
        guard let token = stamp.attestation else { return try await submitFromBackEnd(request, kind, stamp) }
        guard kind == .stampLogin else {
            throw TurnkeyError.malformedStamp("X-Stamp-Attested is for stamp_login only; send X-Stamp")
        }
        return try await submitFromClient(request, stamp, token)
    }

    /// A back end's activity. Its key finds the workspace.
    private func submitFromBackEnd(_ request: Request, _ kind: ActivityKind, _ stamp: Stamp) async throws -> Response {
        let caller = ActivityCaller(try await rooms.backEnd(stamp, request, for: kind.ability), request)
        let activity = try ActivityRequest(
            WireObject(body: request.bodyBytes), kind, now: rooms.clock.now())
        guard activity.organization.lowercased() == caller.organization else { throw TurnkeyError.organizationMismatch }
        return try await perform(activity, request, for: caller) { try await run(activity, $0, for: caller.caller) }
    }

    /// A client's login by its verification token, from an app or a page. The body names the workspace.
    private func submitFromClient(
        _ request: Request, _ stamp: Stamp, _ token: VerificationToken
    ) async throws -> Response {
        let body = try WireObject(body: request.bodyBytes)
        let workspace = try await rooms.workspace(organization: try body.organization())
        guard workspace.settings.authProxy else { throw TurnkeyError.organizationNotFound }
        let visitor = try Visitor(request, of: workspace, in: rooms)
        let refusal = { (error: any Error) in try rooms.turnkeyRefusal(of: request, error) }
        return try await rooms.answer(visitor, refusal: refusal) {
            let activity = try ActivityRequest(body, .stampLogin, now: rooms.clock.now())
            let caller = ActivityCaller(caller: visitor.caller, submitter: .key(stamp.key))
            return try await perform(activity, request, for: caller, attestedBy: token) { _ in
                let wish = try LoginWish(stampLogin: activity.parameters, stamp: stamp, token: token)
                return ["session": try await rooms.sessions.logIn(wish, for: caller.caller).token.value]
            }
        }
    }
}
