import Storage

/// Appends entries in the unit of work of the change that they record.
public struct AuditTrail: Sendable {
    public init() {}

    /// Adds an entry at the end of its workspace's log. The change and its entry commit together or not at all.
    public func append(_ entry: AuditEntry, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO audit_entry
                (workspace, sequence, time, actor, action, record, outcome, request, address, detail, agent, user_agent)
            SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
            FROM audit_entry WHERE workspace = $1
            """,
            [
                .text(entry.workspace), .integer(entry.time), .text(entry.origin.principal.description),
                .text(entry.action.rawValue), .text(entry.record), .text(entry.outcome.rawValue),
                .text(entry.origin.request), .text(entry.origin.address), .text(entry.detail),
                .text(entry.agent), .text(entry.origin.userAgent),
            ])
    }
}
