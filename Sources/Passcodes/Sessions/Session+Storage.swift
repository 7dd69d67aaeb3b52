import EnclaveLink
import SealedPasscodes
import Storage

extension Session {
    /// Stores the session. False if its key would make stamps ambiguous: another user stamps with it. Our own flow knows
    /// no such doubt, since there the token names the session.
    func insert(in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO user_session (workspace, id, mode, flow, user_id, public_key, created_at, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $4 <> 'turnkey' OR NOT EXISTS (
                SELECT 1 FROM user_session
                WHERE workspace = $1 AND mode = $3 AND public_key = $6 AND flow = 'turnkey' AND user_id <> $5
                    AND expires_at > $7
                UNION ALL
                SELECT 1 FROM user_key
                WHERE workspace = $1 AND mode = $3 AND public_key = $6 AND user_id <> $5
                    AND (expires_at IS NULL OR expires_at > $7))
            """,
            [
                .text(workspace), .text(id), .text(user.mode.rawValue), .text(flow.rawValue), .text(user.id),
                .bytes(key.compressed), .integer(createdAt), .integer(expiresAt),
            ]) == 1
    }

    /// The live session with this identifier.
    static func find(_ id: String, workspace: String, now: Int64, in transaction: any Transaction) throws -> Session? {
        try transaction.row(
            """
            SELECT s.flow, s.public_key, s.created_at, s.expires_at, u.id, u.mode, u.name, u.created_at
            FROM user_session s JOIN user_account u ON u.workspace = s.workspace AND u.id = s.user_id
            WHERE s.workspace = $1 AND s.id = $2 AND s.expires_at > $3
            """, [.text(workspace), .text(id), .integer(now)]
        ).map { row in
            guard let flow = SealedFlow(rawValue: try row.text(0)),
                let key = try? P256PublicKey(point: try row.bytes(1))
            else { throw PasscodeError.unavailable("a session cannot be read") }
            return Session(
                workspace: workspace, id: id, flow: flow, user: try User(row: row, first: 4), key: key,
                createdAt: try row.integer(2), expiresAt: try row.integer(3))
        }
    }

    /// Makes room for one more session of a user: deletes all but the newest `count`, and returns which.
    static func evict(
        keeping count: Int, user: String, workspace: String, in transaction: any Transaction
    ) throws -> [String] {
        try transaction.rows(
            """
            DELETE FROM user_session WHERE workspace = $1 AND id IN
                (SELECT id FROM user_session WHERE workspace = $1 AND user_id = $2
                 ORDER BY created_at DESC, id LIMIT 1000 OFFSET $3)
            RETURNING id
            """, [.text(workspace), .text(user), .integer(Int64(count))]
        ).map { try $0.text(0) }
    }

    /// Forgets a user's sessions that expired.
    static func deleteExpired(
        user: String, workspace: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM user_session WHERE workspace = $1 AND user_id = $2 AND expires_at <= $3",
            [.text(workspace), .text(user), .integer(now)])
    }

    /// Ends a live session; of a certain user, or of anybody where `user` is nil. False if there is none.
    static func end(
        _ id: String, user: String?, mode: ChallengeMode, workspace: String, now: Int64,
        in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            DELETE FROM user_session WHERE workspace = $1 AND id = $2 AND mode = $3 AND expires_at > $4
                AND ($5 = '' OR user_id = $5)
            """,
            [.text(workspace), .text(id), .text(mode.rawValue), .integer(now), .text(user ?? "")]) == 1
    }

    /// Deletes at most `count` sessions that expired, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM user_session WHERE (workspace, id) IN
                (SELECT workspace, id FROM user_session WHERE expires_at <= $1 LIMIT $2)
            """, [.integer(now), .integer(Int64(count))])
    }
}
