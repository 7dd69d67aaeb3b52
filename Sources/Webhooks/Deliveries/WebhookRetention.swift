import Storage
import Workspaces

/// Forgets what was delivered, in time.
public struct WebhookRetention: Sendable {
    /// Milliseconds after which a delivery is forgotten that arrived: three days.
    static let delivered: Int64 = 3 * 86_400_000
    /// The same for a dead letter: thirty days.
    static let dead: Int64 = 30 * 86_400_000

    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Deletes what has had its time, and what deleted endpoints left behind.
    public func prune() async throws(WebhookError) {
        let now = clock.now()
        try await database.prune(throwing: WebhookError.self) { count, transaction in
            let values: [SQLValue] = [.integer(Int64(count))]
            return max(
                try transaction.execute(
                    """
                    DELETE FROM webhook_delivery WHERE (workspace, endpoint, id) IN
                        (SELECT workspace, endpoint, id FROM webhook_delivery
                         WHERE state = 'delivered' AND ended_at < $2 LIMIT $1)
                    """, values + [.integer(now - Self.delivered)]),
                try transaction.execute(
                    """
                    DELETE FROM webhook_delivery WHERE (workspace, endpoint, id) IN
                        (SELECT workspace, endpoint, id FROM webhook_delivery
                         WHERE state = 'dead' AND ended_at < $2 LIMIT $1)
                    """, values + [.integer(now - Self.dead)]),
                try transaction.execute(
                    """
                    DELETE FROM webhook_delivery WHERE (workspace, endpoint, id) IN
                        (SELECT d.workspace, d.endpoint, d.id FROM webhook_endpoint e JOIN webhook_delivery d
                         ON d.workspace = e.workspace AND d.endpoint = e.id WHERE e.state = 'deleted' LIMIT $1)
                    """, values))
        }
        _ = try await database.write(throwing: WebhookError.self) { transaction in
            try transaction.execute(
                """
                DELETE FROM webhook_endpoint WHERE state = 'deleted' AND NOT EXISTS
                    (SELECT 1 FROM webhook_delivery d
                     WHERE d.workspace = webhook_endpoint.workspace AND d.endpoint = webhook_endpoint.id)
                """, [])
        }
    }
}
