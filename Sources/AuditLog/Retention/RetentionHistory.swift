import Storage

/// The terms that a workspace's log was and is kept under (table `audit_retention`).
///
/// An entry is kept as long as the longest of the rules says that were in force since it was written, so that nobody
/// removes early what was promised to be kept. A time without an end (no rule, `forever`, a legal hold) promises nothing
/// but that its end is no surprise: what was there when it ended stays ``notice`` longer, in which the end can be taken
/// back.
struct RetentionHistory: Equatable {
    /// What began with an entry.
    struct Change: Equatable {
        /// The number of the first entry under these terms.
        let sequence: Int64
        /// When they were set, in Unix milliseconds.
        let time: Int64
        let terms: RetentionTerms
    }

    /// Days for which entries stay that were kept without an end, once there is one: a month.
    static let notice: Int64 = 30

    /// The oldest first; before the first, and where there is none, nothing was ever to be pruned.
    private(set) var changes: [Change]

    /// Whether a legal hold is on.
    var isHeld: Bool { changes.last?.terms.isHeld ?? false }

    /// When the time of an entry is over, in Unix milliseconds; nil while no end is set.
    func end(ofEntry sequence: Int64, writtenAt time: Int64) -> Int64? {
        guard time >= 0, changes.last?.terms.length != nil else { return nil }
        let first = changes.lastIndex { $0.sequence <= sequence }
        var end = first == nil ? changes[0].time.later(byDays: Self.notice) : time
        for index in (first ?? 0)..<changes.count {
            let terms = changes[index].terms
            if let length = terms.rule.length { end = max(end, time.later(byDays: length)) }
            // The last terms have an end, so that others follow these.
            if terms.length == nil { end = max(end, changes[index + 1].time.later(byDays: Self.notice)) }
        }
        return end
    }

    static func find(_ workspace: String, in transaction: any Transaction) throws(StorageError) -> RetentionHistory {
        let rows = try transaction.rows(
            "SELECT sequence, set_at, rule, held FROM audit_retention WHERE workspace = $1 ORDER BY sequence",
            [.text(workspace)])
        return RetentionHistory(
            changes: try rows.map { row throws(StorageError) in
                guard let rule = RetentionRule(try row.text(2)) else {
                    throw StorageError(.unexpectedValue, reason: "audit_retention has a rule that is none")
                }
                return Change(
                    sequence: try row.integer(0), time: try row.integer(1),
                    terms: RetentionTerms(rule: rule, isHeld: try row.integer(3) != 0))
            })
    }

    /// Notes terms that hold from the next entry on, which has to follow in the same unit of work.
    static func begin(
        _ terms: RetentionTerms, workspace: String, at time: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO audit_retention (workspace, sequence, set_at, rule, held)
            SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4 FROM audit_entry WHERE workspace = $1
            """,
            [.text(workspace), .integer(time), .text(terms.rule.text), .integer(terms.isHeld ? 1 : 0)])
    }

    /// Forgets the terms that no entry is left of in a log that begins at the index `minimum`.
    static func forget(
        before minimum: UInt64, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            DELETE FROM audit_retention WHERE workspace = $1 AND sequence <
                (SELECT MAX(sequence) FROM audit_retention WHERE workspace = $1 AND sequence <= $2)
            """, [.text(workspace), .integer(Int64(minimum) + 1)])
    }
}

extension Int64 {
    /// A time in Unix milliseconds so many days later. The last there is where what is stored is no time of this world.
    fileprivate func later(byDays days: Int64) -> Int64 {
        let (sum, isTooLate) = addingReportingOverflow(days * 86_400_000)
        return isTooLate ? .max : sum
    }
}
