import Configuration
import HTTPServer
import Webhooks
import Workspaces

extension OperatorRoutes {
    func registerWebhooks(in router: inout Router) throws {
        try router.on(.GET, "/v1/webhooks") { try await answering($0, listWebhooks) }
        try router.on(.POST, "/v1/webhooks") { try await answering($0, createWebhook) }
        try router.on(.GET, "/v1/webhooks/:id") { try await answering($0, showWebhook) }
        try router.on(.PATCH, "/v1/webhooks/:id") { try await answering($0, changeWebhook) }
        try router.on(.DELETE, "/v1/webhooks/:id") { try await answering($0, deleteWebhook) }
        try router.on(.POST, "/v1/webhooks/:id/rotate-secret") { try await answering($0, rotateWebhookSecret) }
        try registerWebhookDeliveries(in: &router)
    }

    private struct WebhookWish: Decodable {
        static let fields = ["url", "description", "event_types"]

        var url: String
        var description: String?
        var eventTypes: [String]?

        enum CodingKeys: String, CodingKey {
            case url, description
            case eventTypes = "event_types"
        }
    }

    /// `GET /v1/webhooks`
    @Sendable private func listWebhooks(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let endpoints = try await rooms.webhookEndpoints.list(workspace: identity.workspace.id)
        return try Response.json(WebhookListing(webhooks: endpoints.map { WebhookDescription($0) }))
    }

    /// `POST /v1/webhooks`
    @Sendable private func createWebhook(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.read(WebhookWish.self, fields: WebhookWish.fields)
        let keyed = try await rooms.webhookEndpoints.create(
            WebhookEndpointWish(
                url: wish.url, description: wish.description ?? "",
                types: try wish.eventTypes.map(Self.eventTypes)),
            workspace: identity.workspace.id, origin: identity.origin)
        return try Response.json(WebhookDescription(keyed), status: .created)
    }

    /// `GET /v1/webhooks/:id`
    @Sendable private func showWebhook(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try Response.json(
            WebhookDescription(
                try await rooms.webhookEndpoints.endpoint(
                    request.parameter("id"), workspace: identity.workspace.id)))
    }

    /// `PATCH /v1/webhooks/:id`: a merge patch (RFC 7396); `event_types` as null stands for all, and `enabled` is what
    /// enables and disables.
    @Sendable private func changeWebhook(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let patch = try request.decode([String: SettingValue].self)
        try request.checkFields(WebhookWish.fields + ["enabled"])
        let (id, workspace, endpoints) = (request.parameter("id"), identity.workspace.id, rooms.webhookEndpoints)
        let change = try WebhookPatch(patch)
        var endpoint = try await endpoints.endpoint(id, workspace: workspace)
        if change.hasSettings {
            endpoint = try await endpoints.change(id, workspace: workspace, origin: identity.origin, change.apply)
        }
        switch change.enabled {
        case true?: endpoint = try await endpoints.enable(id, workspace: workspace, origin: identity.origin)
        case false?: endpoint = try await endpoints.disable(id, workspace: workspace, origin: identity.origin)
        case nil: break
        }
        return try Response.json(WebhookDescription(endpoint))
    }

    /// `DELETE /v1/webhooks/:id`
    @Sendable private func deleteWebhook(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await rooms.webhookEndpoints.delete(
            request.parameter("id"), workspace: identity.workspace.id, origin: identity.origin)
        return Response(status: .noContent)
    }

    private struct SecretWish: Decodable {
        var gracePeriod: Int?

        enum CodingKeys: String, CodingKey { case gracePeriod = "grace_period_seconds" }
    }

    /// `POST /v1/webhooks/:id/rotate-secret`: without a body the old secret signs for another day.
    @Sendable private func rotateWebhookSecret(
        _ request: Request, _ identity: CallerIdentity
    ) async throws -> Response {
        let isEmpty = request.body.readableBytes == 0
        let wish = isEmpty ? nil : try request.read(SecretWish.self, fields: ["grace_period_seconds"])
        let keyed = try await rooms.webhookEndpoints.rotateSecret(
            of: request.parameter("id"), workspace: identity.workspace.id,
            gracePeriod: wish?.gracePeriod ?? GracePeriod.usual, origin: identity.origin)
        return try Response.json(WebhookDescription(keyed))
    }

    static func eventTypes(_ names: [String]) throws(Problem) -> Set<WebhookEventType> {
        var types: Set<WebhookEventType> = []
        for name in names {
            guard let type = WebhookEventType(rawValue: name) else {
                let known = WebhookEventType.allCases.map(\.rawValue)
                let meant = Spelling.closest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
                throw .invalidField("event_types", "knows \(known.joined(separator: ", ")).\(meant)")
            }
            types.insert(type)
        }
        return types
    }
}
