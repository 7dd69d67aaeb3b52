import EnclaveLink
import Storage

extension UserKeyWish {
    /// Registers the key. False if another user stamps with it; a registration that expired is none.
    func insert(
        for user: User, workspace: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO user_key (workspace, mode, public_key, user_id, name, created_at, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (
                SELECT 1 FROM user_session
                WHERE workspace = $1 AND mode = $2 AND public_key = $3 AND flow = 'turnkey' AND user_id <> $4
                    AND expires_at > $6)
            ON CONFLICT (workspace, mode, public_key) DO UPDATE
            SET user_id = $4, name = $5, created_at = $6, expires_at = $7 WHERE user_key.expires_at <= $6
            """,
            [
                .text(workspace), .text(user.mode.rawValue), .bytes(key.compressed), .text(user.id), .text(name),
                .integer(now), lifetime.map { .integer(now + Int64($0) * 1000) } ?? .null,
            ]) == 1
    }

    /// Deletes at most `count` keys that expired, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM user_key WHERE (workspace, mode, public_key) IN
                (SELECT workspace, mode, public_key FROM user_key WHERE expires_at <= $1 LIMIT $2)
            """, [.integer(now), .integer(Int64(count))])
    }
}
