import FraudGuard
import HTTPServer
import Passcodes
import Workspaces

extension OperatorRoutes {
    func registerGuard(in router: inout Router) throws {
        try on(.GET, "/v1/guard", in: &router, showGuard)
        try on(.POST, "/v1/guard/lift", in: &router, liftStop)
    }

    private struct LiftWish: Decodable {
        static let fields = ["kind", "name"]

        var kind: String
        var name: String
    }

    /// `GET /v1/guard`
    @Sendable private func showGuard(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try describe(identity.workspace)
    }

    /// `POST /v1/guard/lift`: ends a stop now, and forgives what led to it.
    @Sendable private func liftStop(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.read(LiftWish.self, fields: LiftWish.fields)
        guard let kind = RangeKind(rawValue: wish.kind) else {
            throw Problem.invalidField(
                "kind", "must be one of \(RangeKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        try await rooms.challenges.guardJournal.lift(
            TrafficRange(kind, wish.name), workspace: identity.workspace.id, origin: identity.origin)
        return try describe(identity.workspace)
    }

    private func describe(_ workspace: Workspace) throws -> Response {
        let stops = rooms.challenges.watch.stops(workspace: workspace.id)
        return try Response.json(GuardDescription(workspace.settings, stops))
    }
}
