import Storage

/// Attempts at a challenge, or at a contact to which nothing was sent: both are counted by the same statements, so
/// that neither the answer nor its time tells them apart.
struct AttemptCount: Equatable, Sendable {
    let used: Int
    /// Unix milliseconds.
    let expiresAt: Int64

    static let none = AttemptCount(used: 0, expiresAt: 0)

    /// The attempts so far.
    static func read(_ subject: String, workspace: String, in transaction: any Transaction) throws(StorageError) -> Self
    {
        let row = try transaction.row(
            "SELECT used, expires_at FROM attempt_count WHERE workspace = $1 AND subject = $2",
            [.text(workspace), .text(subject)])
        guard let row else { return .none }
        return AttemptCount(used: Int(try row.integer(0)), expiresAt: try row.integer(1))
    }

    /// Takes one attempt; nil if all `limit` are used. One conditional statement: of any number of parallel attempts,
    /// exactly `limit` succeed. The expiry is that of the first attempt.
    static func take(
        _ subject: String, workspace: String, limit: Int, expiresAt: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Self? {
        let row = try transaction.row(
            """
            INSERT INTO attempt_count (workspace, subject, used, expires_at) VALUES ($1, $2, 1, $4)
            ON CONFLICT (workspace, subject) DO UPDATE SET used = attempt_count.used + 1 WHERE attempt_count.used < $3
            RETURNING used, expires_at
            """, [.text(workspace), .text(subject), .integer(Int64(limit)), .integer(expiresAt)])
        guard let row else { return nil }
        return AttemptCount(used: Int(try row.integer(0)), expiresAt: try row.integer(1))
    }
}
