import AuditLog
import Storage
import Workspaces

extension Agents {
    /// Switches all agents of a workspace off: their requests are refused, and all that they were permitted is over.
    /// Doing it twice is no error.
    public func stopAll(workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        try await stopping(in: workspace, origin: origin) { transaction in
            try transaction.execute(
                "INSERT INTO agent_stop (workspace, stopped_at) VALUES ($1, $2) ON CONFLICT (workspace) DO NOTHING",
                [.text(workspace), .integer(clock.now())])
            try recordStop(.agentsStopped, workspace: workspace, origin: origin, in: transaction)
        }
    }

    /// Lets the agents of a workspace work again, except those that are switched off themselves. What they were
    /// permitted before stays over.
    public func resumeAll(workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        await endStopped(in: workspace, origin: .system)
        try await changing { transaction in
            try requireEnded(in: workspace, transaction)
            try transaction.execute("DELETE FROM agent_stop WHERE workspace = $1", [.text(workspace)])
            try recordStop(.agentsResumed, workspace: workspace, origin: origin, in: transaction)
        }
    }

    /// Since when all agents of a workspace are switched off, Unix milliseconds; nil if they are not.
    public func stoppedSince(workspace: String) async throws(PermissionError) -> Int64? {
        try await database.read(throwing: PermissionError.self) { transaction in
            try transaction.row("SELECT stopped_at FROM agent_stop WHERE workspace = $1", [.text(workspace)])?
                .integer(0)
        }
    }

    private func recordStop(
        _ action: AuditAction, workspace: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(workspace: workspace, time: clock.now(), action: action, record: workspace, origin: origin),
            in: transaction)
    }
}
