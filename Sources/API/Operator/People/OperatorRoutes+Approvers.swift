import HTTPServer
import Permissions
import Workspaces

extension OperatorRoutes {
    func registerApprovers(in router: inout Router) throws {
        try on(.POST, "/v1/approvers", in: &router, createApprover)
        try on(.GET, "/v1/approvers", in: &router, listApprovers)
        try on(.PATCH, "/v1/approvers/:id", in: &router, changeApprover)
        try on(.POST, "/v1/approvers/:id/keys", in: &router, createApproverKey)
    }

    private var approvers: Approvers { rooms.permissions.approvers }

    private struct ApproverWish: Decodable {
        static let fields = ["name", "address", "is_active"]

        var name: String
        var address: String
        var isActive: Bool?

        enum CodingKeys: String, CodingKey {
            case name, address
            case isActive = "is_active"
        }
    }

    /// `POST /v1/approvers`
    @Sendable private func createApprover(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.read(ApproverWish.self, fields: ApproverWish.fields)
        guard let address = EmailAddress(wish.address) else {
            throw Problem.invalidField("address", "must be an e-mail address.")
        }
        let approver = try await approvers.create(
            name: wish.name, address: address, isActive: wish.isActive ?? true, workspace: identity.workspace.id,
            origin: identity.origin)
        return try Response.json(ApproverDescription(approver), status: .created)
    }

    /// `GET /v1/approvers`
    @Sendable private func listApprovers(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let approvers = try await approvers.list(workspace: identity.workspace.id)
        return try Response.json(ApproverListing(approvers: approvers.map { ApproverDescription($0) }))
    }

    private struct ApproverPatch: Decodable {
        var isActive: Bool

        enum CodingKeys: String, CodingKey { case isActive = "is_active" }
    }

    /// `PATCH /v1/approvers/:id`: whoever may no longer decide loses their keys.
    @Sendable private func changeApprover(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let patch = try request.read(ApproverPatch.self, fields: ["is_active"])
        let approver = try await approvers.approver(request.parameter("id"), workspace: identity.workspace.id)
        try await approvers.setActive(
            patch.isActive, approver.id, workspace: identity.workspace.id, origin: identity.origin)
        return try Response.json(
            ApproverDescription(try await approvers.approver(approver.id, workspace: identity.workspace.id)))
    }

    private struct ApproverKeyWish: Decodable {
        static let fields = ["role", "name", "expires_in_days"]

        var role: ApproverRole?
        var name: String?
        var expiresInDays: Int?

        enum CodingKeys: String, CodingKey {
            case role, name
            case expiresInDays = "expires_in_days"
        }
    }

    /// `POST /v1/approvers/:id/keys`
    @Sendable private func createApproverKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.readOptional(ApproverKeyWish.self, fields: ApproverKeyWish.fields)
        let approver = try await approvers.approver(request.parameter("id"), workspace: identity.workspace.id)
        let created = try await approvers.createKey(
            for: approver.id, role: wish?.role ?? .approver, workspace: identity.workspace.id, name: wish?.name ?? "",
            lifetime: wish?.expiresInDays, origin: identity.origin)
        return try Response.json(
            KeyDescription(created.key, at: rooms.clock.now(), key: created.secret.text), status: .created)
    }
}
