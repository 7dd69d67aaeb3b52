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

    /// Throws what the agent gets where it or its key ended since the caller was let in.
    func requireInForce(in transaction: any Transaction) throws {
        let stop = try PermissionStop.find(
            agent: caller.agent.id, key: caller.keyIdentifier, workspace: caller.workspace.id, in: transaction)
        if let stop { throw stop.error }
    }
}
