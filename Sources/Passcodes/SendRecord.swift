import Storage
import Workspaces

/// Remembers requests that carried an `Idempotency-Key` for a day (draft-ietf-httpapi-idempotency-key-header).
struct SendRecord: Sendable {
    static let memory: Int64 = 86_400_000
    /// A request that is under way for longer will not end any more: no send takes as long.
    static let patience: Int64 = 60_000

    /// How a request stands, as the column `finished` has it.
    enum State: Int64, Sendable {
        case underWay = 0
        /// It was answered with its passcode.
        case answered = 1
        /// It ended, and nobody knows whether its message went out.
        case unclear = 2
    }

    enum Claim: Equatable, Sendable {
        /// This request does the work.
        case mine
        /// An earlier request did it; its challenge.
        case answered(String)
        /// An earlier request may have done it; its challenge.
        case unclear(String)
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
            WHERE send_request.created_at < $6
            """,
            [
                .text(workspace), .bytes(idempotency.key), .bytes(idempotency.body), .text(challenge), .integer(now),
                .integer(now - memory),
            ])
        if changed == 1 { return .mine }
        let row = try transaction.row(
            "SELECT body, challenge, finished, created_at FROM send_request WHERE workspace = $1 AND idempotency_key = $2",
            [.text(workspace), .bytes(idempotency.key)])
        guard let row, let state = State(rawValue: try row.integer(2)) else {
            throw PasscodeError.unavailable("an idempotency key was neither new nor known")
        }
        guard try row.bytes(0) == idempotency.body else { throw PasscodeError.idempotencyKeyReused() }
        switch state {
        case .answered: return .answered(try row.text(1))
        case .unclear: return .unclear(try row.text(1))
        case .underWay:
            guard try row.integer(3) < now - patience else { throw PasscodeError.idempotencyInProgress() }
            return .unclear(try row.text(1))
        }
    }

    /// Writes down how a request stands that was under way, and the challenge that it is about.
    static func set(
        _ idempotency: Idempotency, to state: State, workspace: String, challenge: String,
        in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE send_request SET finished = $3, challenge = $4
            WHERE workspace = $1 AND idempotency_key = $2 AND finished = 0
            """, [.text(workspace), .bytes(idempotency.key), .integer(state.rawValue), .text(challenge)])
    }

    /// Ends the requests that were under way for a challenge when the server died.
    static func endInterrupted(
        of challenge: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "UPDATE send_request SET finished = 2 WHERE workspace = $1 AND challenge = $2 AND finished = 0",
            [.text(workspace), .text(challenge)])
    }

    /// Frees the key of a send of which nothing went out, so that the caller may try again with it.
    static func release(
        _ idempotency: Idempotency, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM send_request WHERE workspace = $1 AND idempotency_key = $2 AND finished = 0",
            [.text(workspace), .bytes(idempotency.key)])
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
