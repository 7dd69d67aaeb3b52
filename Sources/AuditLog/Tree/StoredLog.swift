import Storage
import TransparencyLog

/// What a workspace's log was when it was signed last (table `audit_log`).
struct StoredLog {
    let workspace: String
    let head: TreeHead
    /// The signed note.
    let checkpoint: String
    /// The key that signed it, as text.
    let verifierKey: String
    /// Unix milliseconds.
    let signedAt: Int64
    /// The index of the first entry that is kept.
    var minimum: UInt64 = 0

    /// Throws `StorageError`, `LogError` where the row is none of a log.
    static func find(_ workspace: String, in transaction: any Transaction) throws -> StoredLog? {
        try transaction.row(
            """
            SELECT size, root, checkpoint, verifier_key, signed_at, minimum FROM audit_log WHERE workspace = $1
            """, [.text(workspace)]
        ).map { row in
            let (size, minimum) = (try row.count(0), try row.count(5))
            guard minimum <= size else {
                throw StorageError(.unexpectedValue, reason: "audit_log has a minimum beyond its size")
            }
            return StoredLog(
                workspace: workspace, head: TreeHead(size: size, root: try LogHash(row.bytes(1))),
                checkpoint: try row.text(2), verifierKey: try row.text(3), signedAt: try row.integer(4),
                minimum: minimum)
        }
    }

    /// Takes the place of the one that had `size`. False if the log is at another size by now.
    func write(over size: UInt64, in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO audit_log (workspace, size, root, checkpoint, verifier_key, signed_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (workspace) DO UPDATE
                SET size = $2, root = $3, checkpoint = $4, verifier_key = $5, signed_at = $6
                WHERE audit_log.size = $7
            """,
            [
                .text(workspace), .integer(Int64(head.size)), .bytes(head.root.bytes), .text(checkpoint),
                .text(verifierKey), .integer(signedAt), .integer(Int64(size)),
            ]) == 1
    }

    /// Moves the front of a log whose entries are removed in the same unit of work. False where it begins elsewhere by now,
    /// or has no signed entry behind the new front.
    static func raiseMinimum(
        of workspace: String, from old: UInt64, to new: UInt64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "UPDATE audit_log SET minimum = $3 WHERE workspace = $1 AND minimum = $2 AND size > $3",
            [.text(workspace), .integer(Int64(old)), .integer(Int64(new))]) == 1
    }
}
