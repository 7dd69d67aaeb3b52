import Storage
import Workspaces

/// Remembers an agent's requests that carried an `Idempotency-Key` for a day (draft-ietf-httpapi-idempotency-key-header).
/// It is written in the unit of work of the request, so that none is ever half done.
enum RequestRecord {
    static let memory: Int64 = 86_400_000

    /// Claims a draft's key, or finds what an earlier request with the same key came to. Nil where the draft has none,
    /// or is the first. Throws `idempotencyKeyReused`.
    static func claim(_ draft: PermissionDraft, in transaction: any Transaction) throws -> Admission? {
        guard let idempotency = draft.wish.idempotency else { return nil }
        let (workspace, agent) = (draft.caller.workspace.id, draft.caller.agent.id)
        let claimed = try transaction.execute(
            """
            INSERT INTO permission_request (workspace, agent, idempotency_key, body, permission, created_at)
            VALUES ($1, $2, $3, $4, '', $5)
            ON CONFLICT (workspace, agent, idempotency_key) DO UPDATE
            SET body = $4, permission = '', created_at = $5 WHERE permission_request.created_at < $6
            """,
            [
                .text(workspace), .text(agent), .bytes(idempotency.key), .bytes(idempotency.body),
                .integer(draft.now), .integer(draft.now - memory),
            ])
        if claimed == 1 { return nil }
        let row = try transaction.row(
            """
            SELECT body, permission FROM permission_request
            WHERE workspace = $1 AND agent = $2 AND idempotency_key = $3
            """, [.text(workspace), .text(agent), .bytes(idempotency.key)])
        guard let row, try row.bytes(0) == idempotency.body,
            let record = try PermissionRecord.find(try row.text(1), workspace: workspace, in: transaction),
            record.permission.mode == draft.caller.mode
        else { throw PermissionError.idempotencyKeyReused() }
        return .known(record.permission, isReplay: true)
    }

    /// Remembers which permission a draft's key stands for.
    static func point(
        _ draft: PermissionDraft, to permission: Permission, in transaction: any Transaction
    ) throws(StorageError) {
        guard let idempotency = draft.wish.idempotency else { return }
        try transaction.execute(
            """
            UPDATE permission_request SET permission = $4
            WHERE workspace = $1 AND agent = $2 AND idempotency_key = $3
            """,
            [
                .text(permission.workspace), .text(permission.agent), .bytes(idempotency.key), .text(permission.id),
            ])
    }

    /// Frees the key of a request that was refused.
    static func release(_ draft: PermissionDraft, in transaction: any Transaction) throws(StorageError) {
        guard let idempotency = draft.wish.idempotency else { return }
        try transaction.execute(
            "DELETE FROM permission_request WHERE workspace = $1 AND agent = $2 AND idempotency_key = $3",
            [.text(draft.caller.workspace.id), .text(draft.caller.agent.id), .bytes(idempotency.key)])
    }

    /// Deletes at most `count` records past their day, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM permission_request WHERE (workspace, agent, idempotency_key) IN
                (SELECT workspace, agent, idempotency_key FROM permission_request WHERE created_at < $1 LIMIT $2)
            """, [.integer(now - memory), .integer(Int64(count))])
    }
}
