import AuditLog
import Storage
import Workspaces

/// Where events are put, in the unit of work of the change that they tell of: both commit, or neither does.
public struct WebhookQueue: Sendable {
    let database: any Database
    let listeners: WebhookListeners
    let bell: Bell
    let audit: AuditTrail
    /// How attempts ended.
    public let counters = WebhookCounters()

    public init(database: any Database, audit: AuditTrail) {
        self.database = database
        self.audit = audit
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
        for endpoint in endpoints where try !put(event, body, to: endpoint, in: transaction) {
            try drop(event, endpoint, in: transaction)
        }
    }

    /// The workspaces in which an endpoint listens to a type.
    public func workspaces(
        listeningTo type: WebhookEventType, in transaction: any Transaction
    ) throws(StorageError) -> [String] {
        var found: Set<String> = []
        for row in try transaction.rows(
            "SELECT workspace, event_types FROM webhook_endpoint WHERE state = 'enabled'", [])
        where WebhookTypes.read(try row.text(1))?.contains(type) ?? true {
            found.insert(try row.text(0))
        }
        return found.sorted()
    }

    /// False if the endpoint is disabled by now, or too much waits for it.
    func put(
        _ event: WebhookEvent, _ body: String, to endpoint: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        let hasPlace = try takePlaces(
            1, workspace: event.workspace, endpoint: endpoint, due: event.time, in: transaction)
        guard hasPlace else { return false }
        try transaction.execute(
            """
            INSERT INTO webhook_delivery (workspace, endpoint, id, event_type, body, state, due_at, created_at)
            VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6)
            """,
            [
                .text(event.workspace), .text(endpoint), .text(event.id), .text(event.type.rawValue), .text(body),
                .integer(event.time),
            ])
        // Heard before the commit: whoever delivers looks in a unit of work of its own, after this one.
        bell.ring()
        return true
    }

    /// Counts deliveries as waiting. False if the endpoint is disabled, or has not so many places.
    func takePlaces(
        _ count: Int, workspace: String, endpoint: String, due: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE webhook_endpoint SET waiting = waiting + $3,
                next_due = CASE WHEN next_due < $4 THEN next_due ELSE $4 END
            WHERE workspace = $1 AND id = $2 AND state = 'enabled' AND waiting + $3 <= $5
            """,
            [
                .text(workspace), .text(endpoint), .integer(Int64(count)), .integer(due),
                .integer(Int64(WebhookEndpoint.waitingLimit)),
            ]) == 1
    }

    private func drop(
        _ event: WebhookEvent, _ endpoint: String, in transaction: any Transaction
    ) throws(StorageError) {
        let values: [SQLValue] = [.text(event.workspace), .text(endpoint)]
        let dropped = try transaction.execute(
            """
            UPDATE webhook_endpoint SET dropped = dropped + 1
            WHERE workspace = $1 AND id = $2 AND state = 'enabled'
            """, values)
        guard dropped == 1 else { return }
        let isFirst = try transaction.execute(
            "UPDATE webhook_endpoint SET is_full = 1 WHERE workspace = $1 AND id = $2 AND is_full = 0", values)
        guard isFirst == 1 else { return }
        try audit.append(
            AuditEntry(
                workspace: event.workspace, time: event.time, action: .webhookQueueFull, record: endpoint,
                outcome: .failed, origin: .system), in: transaction)
    }
}
