import AuditLog
import Storage

/// Disables an endpoint, for an operator or because its receiver takes nothing.
struct EndpointClosing {
    let workspace: String
    let endpoint: String
    /// Unix milliseconds.
    let now: Int64
    let audit: AuditTrail

    /// Does nothing to an endpoint that is not enabled. Whoever calls forgets the listeners afterwards, unless an event
    /// that is queued once more does no harm.
    func disable(
        _ reason: WebhookEndpointState.DisabledReason, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) {
        let disabled = try transaction.execute(
            """
            UPDATE webhook_endpoint SET state = 'disabled', state_reason = $3, waiting = 0, next_due = NULL
            WHERE workspace = $1 AND id = $2 AND state = 'enabled'
            """, [.text(workspace), .text(endpoint), .text(reason.rawValue)])
        guard disabled == 1 else { return }
        try transaction.execute(
            """
            UPDATE webhook_delivery SET state = 'dead', ended_at = $3
            WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting'
            """, [.text(workspace), .text(endpoint), .integer(now)])
        try DeadLetters.trim(workspace: workspace, endpoint: endpoint, in: transaction)
        try audit.append(
            AuditEntry(
                workspace: workspace, time: now, action: .webhookDisabled, record: endpoint, origin: origin,
                detail: reason.rawValue), in: transaction)
    }
}
