import HTTPServer
import Webhooks
import Workspaces

extension OperatorRoutes {
    func registerWebhookDeliveries(in router: inout Router) throws {
        try router.on(.GET, "/v1/webhooks/:id/deliveries") { try await answering($0, listDeliveries) }
        try router.on(.GET, "/v1/webhooks/:id/deliveries/:delivery") { try await answering($0, listAttempts) }
        try router.on(.POST, "/v1/webhooks/:id/test") { try await answering($0, sendTest) }
        try router.on(.POST, "/v1/webhooks/:id/replay") { try await answering($0, replay) }
    }

    /// `GET /v1/webhooks/:id/deliveries?state=dead&before=msg_…&limit=20`, newest first.
    @Sendable private func listDeliveries(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let state = try request.query["state"].map { name throws(Problem) in
            guard let state = WebhookDeliveryState(rawValue: name) else {
                let known = WebhookDeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidField("state", "must be one of \(known).")
            }
            return state
        }
        let limit = try request.query["limit"].map { text throws(Problem) in
            guard let limit = Int(text) else { throw .invalidField("limit", "must be a number.") }
            return limit
        }
        let deliveries = try await rooms.webhookDeliveries.list(
            endpoint: request.parameter("id"), workspace: identity.workspace.id, state: state,
            before: request.query["before"], limit: limit ?? 20)
        return try Response.json(WebhookDeliveryListing(deliveries: deliveries.map(WebhookDeliveryDescription.init)))
    }

    /// `GET /v1/webhooks/:id/deliveries/:delivery`
    @Sendable private func listAttempts(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let attempts = try await rooms.webhookDeliveries.attempts(
            of: request.parameter("delivery"), endpoint: request.parameter("id"), workspace: identity.workspace.id)
        return try Response.json(WebhookAttemptListing(attempts: attempts.map(WebhookAttemptDescription.init)))
    }

    /// `POST /v1/webhooks/:id/test`
    @Sendable private func sendTest(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let delivery = try await rooms.webhookDeliveries.sendTest(
            to: request.parameter("id"), workspace: identity.workspace.id)
        return try Response.json(QueuedWebhook(delivery: delivery), status: .accepted)
    }

    private struct ReplayWish: Decodable {
        static let fields = ["delivery", "all"]

        var delivery: String?
        var all: Bool?
    }

    /// `POST /v1/webhooks/:id/replay`: `{"delivery":"msg_…"}` or `{"all":true}`.
    @Sendable private func replay(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.read(ReplayWish.self, fields: ReplayWish.fields)
        let (endpoint, workspace) = (request.parameter("id"), identity.workspace.id)
        switch (wish.delivery, wish.all) {
        case (let delivery?, nil):
            try await rooms.webhookDeliveries.replay(
                delivery, endpoint: endpoint, workspace: workspace, origin: identity.origin)
            return try Response.json(ReplayedWebhooks(replayed: 1))
        case (nil, true?):
            let count = try await rooms.webhookDeliveries.replayAll(
                endpoint: endpoint, workspace: workspace, origin: identity.origin)
            return try Response.json(ReplayedWebhooks(replayed: count))
        default: throw Problem.invalidField("delivery", "must be sent, or all as true, and not both.")
        }
    }
}
