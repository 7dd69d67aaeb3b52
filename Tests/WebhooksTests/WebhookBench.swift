import AuditLog
import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Webhooks

/// An installation with a workspace, and what tests of webhooks do with it.
struct WebhookBench {
    let installation: Installation
    let workspace: Workspace

    static let url = "https://hooks.example.com/a"
    static let origin = RequestOrigin(principal: .key("key_operator"), request: "request", address: "127.0.0.1:1")

    init() async throws {
        installation = try await Installation()
        workspace = try await installation.workspace()
    }

    var time: ManualTime { installation.time }
    var receivers: WebhookReceivers { installation.receivers }
    var deliveries: WebhookDeliveries { installation.webhookDeliveries }
    var endpoints: WebhookEndpoints { installation.webhookEndpoints }

    @discardableResult
    func create(
        _ url: String = url, types: Set<WebhookEventType>? = nil, in other: Workspace? = nil
    ) async throws -> KeyedWebhookEndpoint {
        try await endpoints.create(
            WebhookEndpointWish(url: url, types: types), workspace: (other ?? workspace).id, origin: Self.origin)
    }

    /// Queues an event in a unit of work of its own, which may fail afterwards.
    @discardableResult
    func append(
        _ type: WebhookEventType = .permissionRequested, in other: Workspace? = nil, data: String = #"{"id":"pr_1"}"#,
        then: @escaping @Sendable () throws -> Void = {}
    ) async throws -> WebhookEvent {
        let event = WebhookEvent(
            workspace: (other ?? workspace).id, type: type, time: time.now.unixMilliseconds, data: { data })
        let queue = installation.webhookQueue
        try await installation.database.write { transaction in
            try queue.append(event, in: transaction)
            try then()
        }
        return event
    }

    func append(count: Int, in other: Workspace? = nil) async throws {
        for _ in 0..<count { try await append(in: other) }
    }

    func deliverDue() async { await installation.webhookDispatcher.deliverDue() }

    func list(_ endpoint: WebhookEndpoint, state: WebhookDeliveryState? = nil) async throws -> [WebhookDelivery] {
        try await deliveries.list(endpoint: endpoint.id, workspace: endpoint.workspace, state: state, limit: 100)
    }

    func endpoint(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint {
        try await endpoints.endpoint(endpoint.id, workspace: endpoint.workspace)
    }

    /// Goes through all attempts of what waits.
    func exhaust() async {
        await deliverDue()
        for pause in RetrySchedule.usual.pauses {
            time.advance(seconds: pause)
            await deliverDue()
        }
    }

    /// The audit entries about webhooks.
    func audit() async throws -> [String] {
        try await installation.auditTrail(workspace).filter { $0.hasPrefix("webhook.") }
    }
}
