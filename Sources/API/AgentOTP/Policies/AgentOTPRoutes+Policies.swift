import HTTPServer
import JOSE
import Permissions
import Policies

extension AgentOTPRoutes {
    func registerPolicies(in router: inout Router) throws {
        try on(.POST, "/policies", in: &router, createPolicy)
        try on(.GET, "/policies", in: &router, listPolicies)
        try on(.POST, "/policies/test", in: &router, testPolicies)
        try on(.GET, "/policies/:id", in: &router, showPolicy)
        try on(.PATCH, "/policies/:id", in: &router, changePolicy)
        try on(.PUT, "/policies/:id", in: &router, replacePolicy)
        try on(.DELETE, "/policies/:id", in: &router, deletePolicy)
    }

    private var policies: PolicyDirectory { rooms.permissions.policies }

    /// `POST /policies`
    @Sendable private func createPolicy(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let policy = try Policy(reading: Self.document(request))
        let stored = try await policies.create(policy, workspace: asker.workspace.id, origin: asker.origin)
        return Envelope.data(PolicyText(stored).object, status: .created)
    }

    /// `GET /policies`
    @Sendable private func listPolicies(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let page = try await policies.list(workspace: asker.workspace.id, QueryReader(request).page())
        return Envelope.page(page) { PolicyText($0).object }
    }

    /// `GET /policies/:id`
    @Sendable private func showPolicy(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let stored = try await policies.policy(request.parameter("id"), workspace: asker.workspace.id)
        return Envelope.data(PolicyText(stored).object)
    }

    /// `PATCH /policies/:id`: members that are not sent stay, `null` removes one (RFC 7396, at the top level).
    @Sendable private func changePolicy(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let patch = try Self.document(request).members ?? []
        return try await change(request, caller) { policy in
            var members = (policy.document.members ?? []).filter { old in !patch.contains { $0.name == old.name } }
            members += patch.filter { $0.value != .null }
            return .object(members)
        }
    }

    /// `PUT /policies/:id`
    @Sendable private func replacePolicy(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let document = try Self.document(request)
        return try await change(request, caller) { _ in document }
    }

    private func change(
        _ request: Request, _ caller: PermissionCaller, _ document: @escaping @Sendable (Policy) -> JSONValue
    ) async throws -> Response {
        let asker = try caller.operator()
        let stored = try await policies.change(
            request.parameter("id"), workspace: asker.workspace.id, origin: asker.origin
        ) { try Policy(reading: document($0)) }
        return Envelope.data(PolicyText(stored).object)
    }

    /// `DELETE /policies/:id`
    @Sendable private func deletePolicy(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        let id = request.parameter("id")
        try await policies.delete(id, workspace: asker.workspace.id, origin: asker.origin)
        var text = JSONObjectText()
        text.add("id", id)
        text.add("deleted", true)
        return Envelope.data(text)
    }

    /// `POST /policies/test`: what the workspace's policies would decide. Nothing is recorded.
    @Sendable private func testPolicies(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let asker = try caller.operator()
        var body = try BodyReader(request)
        let facts = try TestedRequest(&body).facts(now: rooms.clock.now())
        let verdict = try await policies.set(workspace: asker.workspace.id).evaluate(facts)
        return Envelope.data(VerdictText(verdict).object)
    }

    private static func document(_ request: Request) throws -> JSONValue { try BodyReader(request).object }
}
