import Storage
import Workspaces

/// What stands in the way of a request that people are to be asked about.
extension PermissionDraft {
    /// The same request of the same agent, if it is pending.
    func askedBefore(in transaction: any Transaction) throws -> Permission? {
        let row = try transaction.row(
            """
            SELECT id FROM permission
            WHERE workspace = $1 AND agent = $2 AND mode = $3 AND digest = $4 AND status = 'pending'
            """,
            [.text(caller.workspace.id), .text(caller.agent.id), .text(caller.mode.rawValue), .bytes(digest)])
        guard let row else { return nil }
        return try PermissionRecord.find(try row.text(0), workspace: caller.workspace.id, in: transaction)?.permission
    }

    func hasTooManyPending(in transaction: any Transaction) throws -> Bool {
        let row = try transaction.row(
            """
            SELECT COUNT(*) FROM permission
            WHERE workspace = $1 AND agent = $2 AND mode = $3 AND status = 'pending' AND expires_at > $4
            """,
            [.text(caller.workspace.id), .text(caller.agent.id), .text(caller.mode.rawValue), .integer(now)])
        return try row?.integer(0) ?? 0 >= PermissionRequests.pendingLimit
    }

    /// Why the row was not taken: the agent or its key ended since the caller was let in.
    func whyNotStored(in transaction: any Transaction) throws(StorageError) -> PermissionError {
        let key = try transaction.row(
            "SELECT 1 FROM api_key WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL",
            [.text(caller.workspace.id), .text(caller.keyIdentifier)])
        if key == nil { return .workspace(.keyRevoked()) }
        let agent = try transaction.row(
            """
            SELECT 1 FROM agent WHERE workspace = $1 AND id = $2 AND is_active = 1
                AND NOT EXISTS (SELECT 1 FROM agent_stop WHERE workspace = $1)
            """, [.text(caller.workspace.id), .text(caller.agent.id)])
        return agent == nil ? .agentStopped() : .unavailable("the same request was made at the same time")
    }
}
