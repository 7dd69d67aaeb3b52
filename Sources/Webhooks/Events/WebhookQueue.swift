import AuditLog
import Storage
import Workspaces

/// Where events are put, in the unit of work of the change that they tell of: both commit, or neither does.
public struct WebhookQueue: Sendable {
    let listeners: WebhookListeners
    let bell: Bell
    private let audit = AuditTrail()

    public init(database: any Database) {
        listeners = WebhookListeners(database: database)
        bell = Bell()
    }

    /// Queues the event for every endpoint that listens to it. Where none does, this costs no statement.
    ///
    /// Beyond ``WebhookEndpoint/waitingLimit`` an endpoint's event is dropped and counted, and the first one audited: what
    /// a receiver does not take must not stop the workspace.
    public func append(_ event: WebhookEvent, in transaction: any Transaction) throws(StorageError) {
        let endpoints = try listeners.endpoints(for: event, in: transaction)
        guard !endpoints.isEmpty else { return }
        let body = event.body
        for endpoint in endpoints { try append(event, body, to: endpoint, in: transaction) }
        bell.ring()
    }

    func append(
        _ event: WebhookEvent, _ body: String, to endpoint: String, in transaction: any Transaction
    ) throws(StorageError) {
        guard try takePlace(event, endpoint, in: transaction) else {
            return try drop(event, endpoint, in: transaction)
        }
        try transaction.execute(
            """
            INSERT INTO webhook_delivery (workspace, endpoint, id, event_type, body, state, due_at, created_at)
            VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6)
            """,
            [
                .text(event.workspace), .text(endpoint), .text(event.id), .text(event.type.rawValue), .text(body),
                .integer(event.time),
            ])
    }

    /// False if the endpoint is disabled by now, or too much waits for it.
    private func takePlace(
        _ event: WebhookEvent, _ endpoint: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE webhook_endpoint SET waiting = waiting + 1,
                next_due = CASE WHEN next_due < $3 THEN next_due ELSE $3 END
            WHERE workspace = $1 AND id = $2 AND state = 'enabled' AND waiting < $4
            """,
            [
                .text(event.workspace), .text(endpoint), .integer(event.time),
                .integer(Int64(WebhookEndpoint.waitingLimit)),
            ]) == 1
    }

    private func drop(
        _ event: WebhookEvent, _ endpoint: String, in transaction: any Transaction
    ) throws(StorageError) {
        let row = try transaction.row(
            "SELECT is_full FROM webhook_endpoint WHERE workspace = $1 AND id = $2 AND state = 'enabled'",
            [.text(event.workspace), .text(endpoint)])
        guard let row else { return }
        try transaction.execute(
            "UPDATE webhook_endpoint SET dropped = dropped + 1, is_full = 1 WHERE workspace = $1 AND id = $2",
            [.text(event.workspace), .text(endpoint)])
        guard try row.integer(0) == 0 else { return }
        try audit.append(
            AuditEntry(
                workspace: event.workspace, time: event.time, action: .webhookQueueFull, record: endpoint,
                outcome: .failed, origin: .system), in: transaction)
    }
}
