import Storage

/// A rate by the generic cell rate algorithm (ITU-T I.371), which needs one number for each subject: `limit` at once,
/// and each use is given back `period / limit` later.
struct Allowance: Sendable {
    /// What is limited, as the error names it.
    let kind: String
    let subject: String
    /// Uses in a period.
    let limit: Int
    /// Milliseconds.
    let period: Int64

    /// The last word of the kind: a workspace's own limit has the word `own` before its name.
    var shownKind: String { kind.split(separator: " ").last.map(String.init) ?? kind }

    /// An allowance of its own that limits nothing and is whole again at once.
    var unlimited: Allowance? {
        limit > 0 ? Allowance(kind: "decoy", subject: "\(kind) \(subject)", limit: Int(period), period: period) : nil
    }

    private var interval: Int64 { max(1, period / Int64(limit)) }

    /// Takes one use. Returns nil if it was granted, else the milliseconds until one is free. One conditional
    /// statement, so that parallel takers cannot share a use.
    func take(workspace: String, now: Int64, in transaction: any Transaction) throws(StorageError) -> Int64? {
        guard limit > 0 else { return nil }
        let changed = try transaction.execute(
            """
            INSERT INTO allowance (workspace, kind, subject, full_at) VALUES ($1, $2, $3, $4 + $5)
            ON CONFLICT (workspace, kind, subject) DO UPDATE
            SET full_at = CASE WHEN allowance.full_at > $4 THEN allowance.full_at ELSE $4 END + $5
            WHERE allowance.full_at <= $6
            """,
            [
                .text(workspace), .text(kind), .text(subject), .integer(now), .integer(interval),
                .integer(now + period - interval),
            ])
        return changed == 1 ? nil : max(1, try wait(workspace: workspace, now: now, in: transaction))
    }

    /// Milliseconds until a use is free; 0 where one is, or where there is no limit.
    func wait(workspace: String, now: Int64, in transaction: any Transaction) throws(StorageError) -> Int64 {
        guard limit > 0 else { return 0 }
        let row = try transaction.row(
            "SELECT full_at FROM allowance WHERE workspace = $1 AND kind = $2 AND subject = $3",
            [.text(workspace), .text(kind), .text(subject)])
        guard let row else { return 0 }
        return max(0, try row.integer(0) - (now + period - interval))
    }

    /// Gives one use back.
    func giveBack(workspace: String, in transaction: any Transaction) throws(StorageError) {
        guard limit > 0 else { return }
        try transaction.execute(
            "UPDATE allowance SET full_at = full_at - $4 WHERE workspace = $1 AND kind = $2 AND subject = $3",
            [.text(workspace), .text(kind), .text(subject), .integer(interval)])
    }

    /// Gives back the use of an allowance of one, if it was taken at `now`. Returns whether it was.
    func giveBack(
        workspace: String, takenAt now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "UPDATE allowance SET full_at = $4 WHERE workspace = $1 AND kind = $2 AND subject = $3 AND full_at = $5",
            [.text(workspace), .text(kind), .text(subject), .integer(now), .integer(now + period)]) == 1
    }

    /// Deletes at most `count` allowances that are whole again, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM allowance WHERE (workspace, kind, subject) IN
                (SELECT workspace, kind, subject FROM allowance WHERE full_at < $1 LIMIT $2)
            """, [.integer(now), .integer(Int64(count))])
    }
}
