import Storage

extension WebhookEndpoint {
    /// Reads the columns id, url, description, event_types, state, state_reason, waiting, dropped, failures, delivered_at,
    /// created_at.
    init(workspace: String, _ row: Row) throws {
        guard let state = WebhookEndpointState(name: try row.text(4), reason: try row.text(5)) else {
            throw WebhookError.unavailable("a webhook endpoint's state cannot be read")
        }
        self.init(
            workspace: workspace, id: try row.text(0), url: try row.text(1), description: try row.text(2),
            types: WebhookTypes.read(try row.text(3)), state: state, waiting: Int(try row.integer(6)),
            dropped: Int(try row.integer(7)), failures: Int(try row.integer(8)),
            deliveredAt: try row.optionalInteger(9), createdAt: try row.integer(10))
    }

    /// All endpoints of a workspace, oldest first.
    static func all(workspace: String, in transaction: any Transaction) throws -> [WebhookEndpoint] {
        try transaction.rows(
            """
            SELECT id, url, description, event_types, state, state_reason, waiting, dropped, failures,
                delivered_at, created_at
            FROM webhook_endpoint WHERE workspace = $1 AND state <> 'deleted' ORDER BY created_at, id
            """, [.text(workspace)]
        ).map { try WebhookEndpoint(workspace: workspace, $0) }
    }

    /// Throws `notFound` for an endpoint of another workspace as for none.
    static func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> WebhookEndpoint {
        let row = try transaction.row(
            """
            SELECT id, url, description, event_types, state, state_reason, waiting, dropped, failures,
                delivered_at, created_at
            FROM webhook_endpoint WHERE workspace = $1 AND id = $2 AND state <> 'deleted'
            """, [.text(workspace), .text(id)])
        guard let row else { throw WebhookError.notFound("webhook endpoint") }
        return try WebhookEndpoint(workspace: workspace, row)
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO webhook_endpoint
                (workspace, id, url, description, event_types, state, state_reason, created_at)
            VALUES ($1, $2, $3, $4, $5, 'enabled', '', $6)
            """,
            [
                .text(workspace), .text(id), .text(url), .text(description), .text(WebhookTypes.text(types)),
                .integer(createdAt),
            ])
    }

    /// Writes what an operator may change.
    func update(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE webhook_endpoint SET url = $3, description = $4, event_types = $5
            WHERE workspace = $1 AND id = $2
            """,
            [.text(workspace), .text(id), .text(url), .text(description), .text(WebhookTypes.text(types))])
    }
}

extension WebhookEndpointState {
    fileprivate init?(name: String, reason: String) {
        switch (name, DisabledReason(rawValue: reason)) {
        case ("enabled", _): self = .enabled
        case ("disabled", let reason?): self = .disabled(reason)
        default: return nil
        }
    }
}
