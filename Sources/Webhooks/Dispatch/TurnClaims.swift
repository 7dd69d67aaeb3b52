import Storage

/// Gives out turns, to the endpoint that has waited longest first.
enum TurnClaims {
    /// Endpoints that are looked at in one go. Those of workspaces that have their share are passed over, and there are
    /// never more of them.
    static let width = WebhookEndpoint.limit * DeliveryShare.limit

    /// Claims a turn for each endpoint with something due, as far as there is room.
    static func claim(
        now: Int64, share: DeliveryShare, in transaction: any Transaction
    ) throws(StorageError) -> [WebhookTurn] {
        var share = share
        var turns: [WebhookTurn] = []
        let due = try transaction.rows(
            """
            SELECT workspace, id, url, CASE WHEN failures = 0 AND delivered_at IS NOT NULL THEN 1 ELSE 0 END
            FROM webhook_endpoint
            WHERE next_due <= $1 AND claimed_until <= $1 AND state = 'enabled' ORDER BY next_due LIMIT $2
            """, [.integer(now), .integer(Int64(width))])
        for row in due where share.hasRoom {
            let workspace = try row.text(0)
            let places = share.take(try row.integer(3) == 1 ? WebhookTurn.size : 1, for: workspace)
            guard places > 0 else { continue }
            let turn = try turn(
                workspace, endpoint: try row.text(1), url: try row.text(2), size: places, now: now, in: transaction)
            share.release(places - (turn?.messages.count ?? 0), of: workspace)
            if let turn { turns.append(turn) }
        }
        return turns
    }

    /// Nil if somebody else was faster, or nothing is due after all.
    private static func turn(
        _ workspace: String, endpoint: String, url: String, size: Int, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> WebhookTurn? {
        let claimed = try transaction.execute(
            """
            UPDATE webhook_endpoint SET claimed_until = $3
            WHERE workspace = $1 AND id = $2 AND claimed_until <= $4 AND state = 'enabled'
            """, [.text(workspace), .text(endpoint), .integer(now + WebhookTurn.lease), .integer(now)])
        guard claimed == 1 else { return nil }
        let messages = try due(workspace, endpoint: endpoint, size: size, now: now, in: transaction)
        guard !messages.isEmpty else {
            try release(workspace, endpoint: endpoint, now: now, in: transaction)
            return nil
        }
        return WebhookTurn(
            workspace: workspace, endpoint: endpoint, url: url,
            secrets: try StoredWebhookSecret.inForce(
                workspace: workspace, endpoint: endpoint, now: now, in: transaction), messages: messages)
    }

    private static func due(
        _ workspace: String, endpoint: String, size: Int, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> [WebhookTurn.Message] {
        var messages: [WebhookTurn.Message] = []
        let rows = try transaction.rows(
            """
            SELECT id, body, failures FROM webhook_delivery
            WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting' AND due_at <= $3 ORDER BY due_at LIMIT $4
            """, [.text(workspace), .text(endpoint), .integer(now), .integer(Int64(size))])
        for row in rows {
            messages.append(
                WebhookTurn.Message(
                    id: try row.text(0), body: try row.text(1), failures: Int(try row.integer(2))))
        }
        return messages
    }

    /// Ends a turn. The endpoint's next one comes after those of endpoints that have something due already.
    static func release(
        _ workspace: String, endpoint: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        let first = try transaction.row(
            """
            SELECT MIN(due_at) FROM webhook_delivery
            WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting'
            """, [.text(workspace), .text(endpoint)])
        let due = try first?.optionalInteger(0).map { SQLValue.integer(max($0, now)) } ?? .null
        try transaction.execute(
            """
            UPDATE webhook_endpoint SET claimed_until = 0, next_due = CASE WHEN state = 'enabled' THEN $3 END
            WHERE workspace = $1 AND id = $2
            """, [.text(workspace), .text(endpoint), due])
    }

    /// Ends all turns: what this process did not begin, nobody will end.
    static func releaseAll(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute("UPDATE webhook_endpoint SET claimed_until = 0 WHERE claimed_until > 0", [])
    }
}
