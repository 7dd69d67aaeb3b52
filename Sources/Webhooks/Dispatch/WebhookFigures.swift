import Storage

/// What waits to be delivered to webhooks' receivers, of all workspaces.
public struct WebhookFigures: Sendable, Equatable {
    /// Deliveries that wait for their first or next attempt.
    public var waiting: Int
    /// Deliveries that were given up, and are kept for an operator to send again.
    public var dead: Int
    /// Messages that were dropped because too many waited for their endpoint, over the endpoints that there are.
    public var dropped: Int
    /// When the oldest that waits is due, in Unix milliseconds; nil where none waits.
    public var nextDue: Int64?
    /// Endpoints that take messages, and those that were disabled.
    public var enabled: Int
    public var disabled: Int
}

extension WebhookDeliveries {
    /// How attempts ended since this process started.
    public var counters: WebhookCounters { queue.counters }

    /// Counted when it is asked for. Throws `unavailable`.
    public func figures() async throws(WebhookError) -> WebhookFigures {
        try await queue.database.read(throwing: WebhookError.self) { transaction in
            let endpoints = try transaction.row(
                """
                SELECT COALESCE(SUM(waiting), 0), COALESCE(SUM(dropped), 0), MIN(next_due),
                    COALESCE(SUM(CASE WHEN state = 'enabled' THEN 1 ELSE 0 END), 0),
                    COALESCE(SUM(CASE WHEN state = 'disabled' THEN 1 ELSE 0 END), 0)
                FROM webhook_endpoint WHERE state <> 'deleted'
                """, [])
            let dead = try transaction.row(
                "SELECT COUNT(*) FROM webhook_delivery WHERE state = 'dead' AND ended_at IS NOT NULL", [])
            guard let endpoints, let dead else { throw StorageError(.unexpectedValue, reason: "a sum without a row") }
            return WebhookFigures(
                waiting: Int(try endpoints.integer(0)), dead: Int(try dead.integer(0)),
                dropped: Int(try endpoints.integer(1)), nextDue: try endpoints.optionalInteger(2),
                enabled: Int(try endpoints.integer(3)), disabled: Int(try endpoints.integer(4)))
        }
    }
}
