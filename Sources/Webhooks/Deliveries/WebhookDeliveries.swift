import AuditLog
import Storage
import Workspaces

/// What is and was delivered, for operators: lists, dead letters sent again, tests.
public struct WebhookDeliveries: Sendable {
    /// Deliveries that a list holds, at most.
    public static let pageLimits = 1...100

    let queue: WebhookQueue
    let clock: WallClock
    private var database: any Database { queue.database }

    public init(queue: WebhookQueue, clock: WallClock = .system) {
        self.queue = queue
        self.clock = clock
    }

    /// Deliveries to an endpoint, newest first. Throws `notFound`, `invalidSetting`.
    ///
    /// - Parameters:
    ///   - state: nil for all.
    ///   - before: the last identifier of the page before; nil for the first page.
    public func list(
        endpoint: String, workspace: String, state: WebhookDeliveryState? = nil, before: String? = nil,
        limit: Int = 20
    ) async throws(WebhookError) -> [WebhookDelivery] {
        guard Self.pageLimits.contains(limit) else { throw .invalidSetting("limit must be 1 to 100") }
        return try await database.read(throwing: WebhookError.self) { transaction in
            _ = try WebhookEndpoint.find(endpoint, workspace: workspace, in: transaction)
            return try transaction.rows(
                """
                SELECT d.id, d.event_type, d.state, d.attempts, d.due_at, d.created_at, d.ended_at,
                    a.number, a.time, a.outcome, a.status, a.milliseconds
                FROM webhook_delivery d LEFT JOIN webhook_attempt a
                    ON a.workspace = d.workspace AND a.endpoint = d.endpoint AND a.delivery = d.id
                    AND a.number = d.attempts
                WHERE d.workspace = $1 AND d.endpoint = $2 AND ($3 = '' OR d.state = $3) AND ($4 = '' OR d.id < $4)
                ORDER BY d.id DESC LIMIT $5
                """,
                [
                    .text(workspace), .text(endpoint), .text(state?.rawValue ?? ""), .text(before ?? ""),
                    .integer(Int64(limit)),
                ]
            ).map { try WebhookDelivery($0) }
        }
    }

    /// The attempts of one delivery, oldest first, the last hundred of them. Throws `notFound`.
    public func attempts(
        of id: String, endpoint: String, workspace: String
    ) async throws(WebhookError) -> [WebhookAttempt] {
        try await database.read(throwing: WebhookError.self) { transaction in
            _ = try WebhookEndpoint.find(endpoint, workspace: workspace, in: transaction)
            let values: [SQLValue] = [.text(workspace), .text(endpoint), .text(id)]
            let known = try transaction.row(
                "SELECT 1 FROM webhook_delivery WHERE workspace = $1 AND endpoint = $2 AND id = $3", values)
            guard known != nil else { throw WebhookError.notFound("webhook delivery") }
            return try transaction.rows(
                """
                SELECT number, time, outcome, status, milliseconds FROM webhook_attempt
                WHERE workspace = $1 AND endpoint = $2 AND delivery = $3 ORDER BY number DESC LIMIT 100
                """, values
            ).map { try WebhookAttempt($0) }.reversed()
        }
    }

    /// Queues an event for one endpoint, whatever it listens to. Throws `notFound`, `endpointDisabled`, `queueFull`.
    public func sendTest(to endpoint: String, workspace: String) async throws(WebhookError) -> String {
        let event = WebhookEvent(workspace: workspace, type: .test, time: clock.now()) {
            #"{"message":"A test, sent because an operator asked for it."}"#
        }
        try await database.write(throwing: WebhookError.self) { transaction in
            try requireEnabled(endpoint, workspace: workspace, in: transaction)
            guard try queue.put(event, event.body, to: endpoint, in: transaction) else {
                throw WebhookError.queueFull()
            }
        }
        return event.id
    }

    /// Throws `notFound`, `endpointDisabled`.
    func requireEnabled(
        _ endpoint: String, workspace: String, in transaction: any Transaction
    ) throws {
        let endpoint = try WebhookEndpoint.find(endpoint, workspace: workspace, in: transaction)
        guard endpoint.state == .enabled else { throw WebhookError.endpointDisabled() }
    }
}
