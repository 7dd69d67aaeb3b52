import Storage

/// Numbers whose owner verified a code lately. A stop of their range does not concern them, so that whoever floods it
/// cannot lock them out.
enum KnownContact {
    /// Milliseconds: 90 days.
    static let memory: Int64 = 7_776_000_000
    /// Milliseconds: what was written within a day is not written again.
    private static let freshness: Int64 = 86_400_000

    static func remember(
        _ contact: [UInt8], workspace: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO verified_contact (workspace, contact, verified_at) VALUES ($1, $2, $3)
            ON CONFLICT (workspace, contact) DO UPDATE SET verified_at = $3 WHERE verified_contact.verified_at < $4
            """, [.text(workspace), .bytes(contact), .integer(now), .integer(now - freshness)])
    }

    static func isKnown(
        _ contact: [UInt8], workspace: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.row(
            "SELECT 1 FROM verified_contact WHERE workspace = $1 AND contact = $2 AND verified_at > $3",
            [.text(workspace), .bytes(contact), .integer(now - memory)]) != nil
    }

    /// Deletes at most `count` numbers that were not verified for long, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM verified_contact WHERE (workspace, contact) IN
                (SELECT workspace, contact FROM verified_contact WHERE verified_at < $1 LIMIT $2)
            """, [.integer(now - memory), .integer(Int64(count))])
    }
}
