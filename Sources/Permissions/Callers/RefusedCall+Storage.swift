import AuditLog
import Storage

extension RefusedCall {
    /// Writes the entry, and counts a key that was not let in for the metrics.
    ///
    /// - Parameters:
    ///   - count: how many calls the entry is about.
    ///   - since: when the first of them came, Unix milliseconds.
    func write(
        count: Int, since: Int64, at now: Int64, to audit: AuditTrail, in transaction: any Transaction
    ) throws {
        let workspace = try workspace ?? Self.onlyWorkspace(transaction)
        if action == .authenticationFailed {
            try transaction.execute(
                """
                INSERT INTO failed_authentication (workspace, agent, minute, failures) VALUES ($1, $2, $3, $4)
                ON CONFLICT (workspace, agent, minute) DO UPDATE SET failures = failed_authentication.failures + $4
                """,
                [.text(workspace), .text(agent), .integer(since / 60_000), .integer(Int64(count))])
        }
        try audit.append(
            AuditEntry(
                workspace: workspace, time: now, action: action, record: record, agent: agent, outcome: .refused,
                origin: origin, detail: detail), in: transaction)
    }

    /// Deletes at most `count` counts that no figure goes back to, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM failed_authentication WHERE (workspace, agent, minute) IN
                (SELECT workspace, agent, minute FROM failed_authentication WHERE minute < $1 LIMIT $2)
            """, [.integer((now - MetricsPeriod.month.length) / 60_000), .integer(Int64(count))])
    }

    /// A key that is nobody's is the business of the only workspace, or of the whole server where there are several.
    private static func onlyWorkspace(_ transaction: any Transaction) throws(StorageError) -> String {
        let workspaces = try transaction.rows("SELECT id FROM workspace ORDER BY id LIMIT 2", [])
        guard workspaces.count == 1, let only = workspaces.first else { return AgentMetrics.server }
        return try only.text(0)
    }
}
