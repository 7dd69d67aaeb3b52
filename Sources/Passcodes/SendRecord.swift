import Storage
import Workspaces

/// Remembers requests that carried an `Idempotency-Key` for a day (draft-ietf-httpapi-idempotency-key-header).
struct SendRecord: Sendable {
    static let memory: Int64 = 86_400_000
    /// A request that never finished (its host died) blocks its key no longer than this.
    static let patience: Int64 = 30_000

    enum Claim: Equatable, Sendable {
        /// This request does the work.
        case mine
        /// An earlier request did it; its challenge.
        case done(String)
    }

    /// Claims a key for a request, or finds what an earlier one with the same key did.
    /// Throws `idempotencyInProgress`, `idempotencyKeyReused`.
    static func claim(
        _ idempotency: Idempotency, workspace: String, challenge: String, now: Int64, in transaction: any Transaction
    ) throws -> Claim {
        let changed = try transaction.execute(
            """
            INSERT INTO send_request (workspace, idempotency_key, body, challenge, finished, created_at)
            VALUES ($1, $2, $3, $4, 0, $5)
            ON CONFLICT (workspace, idempotency_key) DO UPDATE
            SET body = $3, challenge = $4, finished = 0, created_at = $5
            WHERE send_request.created_at < $6 OR (send_request.finished = 0 AND send_request.created_at < $7)
            """,
            [
                .text(workspace), .bytes(idempotency.key), .bytes(idempotency.body), .text(challenge), .integer(now),
                .integer(now - memory), .integer(now - patience),
            ])
        if changed == 1 { return .mine }
        let row = try transaction.row(
            "SELECT body, challenge, finished FROM send_request WHERE workspace = $1 AND idempotency_key = $2",
            [.text(workspace), .bytes(idempotency.key)])
        guard let row else { throw PasscodeError.unavailable("an idempotency key was neither new nor known") }
        guard try row.bytes(0) == idempotency.body else { throw PasscodeError.idempotencyKeyReused() }
        guard try row.integer(2) == 1 else { throw PasscodeError.idempotencyInProgress() }
        return .done(try row.text(1))
    }

    /// Marks the work as done under the challenge that it used. `claim` is the identifier that the key was claimed
    /// with: a request that outlasted its claim no longer speaks for the key.
    static func finish(
        _ idempotency: Idempotency, workspace: String, claim: String, challenge: String,
        in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE send_request SET finished = 1, challenge = $4
            WHERE workspace = $1 AND idempotency_key = $2 AND challenge = $3 AND finished = 0
            """, [.text(workspace), .bytes(idempotency.key), .text(claim), .text(challenge)])
    }

    /// Frees the key of a send that failed, so that the caller may try again with it.
    static func release(
        _ idempotency: Idempotency, workspace: String, claim: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM send_request WHERE workspace = $1 AND idempotency_key = $2 AND challenge = $3 AND finished = 0",
            [.text(workspace), .bytes(idempotency.key), .text(claim)])
    }

    /// Deletes at most `count` records past their day, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM send_request WHERE (workspace, idempotency_key) IN
                (SELECT workspace, idempotency_key FROM send_request WHERE created_at < $1 LIMIT $2)
            """, [.integer(now - memory), .integer(Int64(count))])
    }
}
