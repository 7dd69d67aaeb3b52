import AuditLog
import Storage

extension WebhookDeliveries {
    /// Sends a dead letter again, at once and with all attempts anew. Throws `notFound`, `endpointDisabled`, `notDead`,
    /// `queueFull`.
    public func replay(
        _ id: String, endpoint: String, workspace: String, origin: RequestOrigin
    ) async throws(WebhookError) {
        let now = clock.now()
        try await queue.database.write(throwing: WebhookError.self) { transaction in
            try requireEnabled(endpoint, workspace: workspace, in: transaction)
            let revived = try transaction.execute(
                """
                UPDATE webhook_delivery SET state = 'waiting', failures = 0, due_at = $4, ended_at = NULL
                WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND state = 'dead'
                """, [.text(workspace), .text(endpoint), .text(id), .integer(now)])
            guard revived == 1 else {
                let known = try transaction.row(
                    "SELECT 1 FROM webhook_delivery WHERE workspace = $1 AND endpoint = $2 AND id = $3",
                    [.text(workspace), .text(endpoint), .text(id)])
                throw known == nil ? WebhookError.notFound("webhook delivery") : WebhookError.notDead()
            }
            guard try queue.takePlaces(1, workspace: workspace, endpoint: endpoint, due: now, in: transaction) else {
                throw WebhookError.queueFull()
            }
            try record(workspace, endpoint, origin, at: now, detail: id, in: transaction)
        }
        queue.bell.ring()
    }

    /// Sends all dead letters of an endpoint again, the oldest first and as many as the queue takes. Throws `notFound`,
    /// `endpointDisabled`. Returns how many.
    public func replayAll(
        endpoint: String, workspace: String, origin: RequestOrigin
    ) async throws(WebhookError) -> Int {
        let now = clock.now()
        let count = try await queue.database.write(throwing: WebhookError.self) { transaction in
            let stored = try WebhookEndpoint.find(endpoint, workspace: workspace, in: transaction)
            guard stored.state == .enabled else { throw WebhookError.endpointDisabled() }
            let revived = try transaction.execute(
                """
                UPDATE webhook_delivery SET state = 'waiting', failures = 0, due_at = $3, ended_at = NULL
                WHERE workspace = $1 AND endpoint = $2 AND id IN
                    (SELECT id FROM webhook_delivery WHERE workspace = $1 AND endpoint = $2 AND state = 'dead'
                     ORDER BY id LIMIT $4)
                """,
                [
                    .text(workspace), .text(endpoint), .integer(now),
                    .integer(Int64(max(0, WebhookEndpoint.waitingLimit - stored.waiting))),
                ])
            guard revived > 0 else { return 0 }
            _ = try queue.takePlaces(revived, workspace: workspace, endpoint: endpoint, due: now, in: transaction)
            try record(workspace, endpoint, origin, at: now, detail: "\(revived)", in: transaction)
            return revived
        }
        queue.bell.ring()
        return count
    }

    private func record(
        _ workspace: String, _ endpoint: String, _ origin: RequestOrigin, at time: Int64, detail: String,
        in transaction: any Transaction
    ) throws(StorageError) {
        try queue.audit.append(
            AuditEntry(
                workspace: workspace, time: time, action: .webhookReplayed, record: endpoint, origin: origin,
                detail: detail), in: transaction)
    }
}
