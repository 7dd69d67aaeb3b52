import Storage
import TransparencyLog

/// The entries at the front of a log whose time is over, in whole bundles, as one unit of work found them.
struct DueEntries {
    /// Bundles that are removed at once: about as many rows as writers can wait for.
    private static let step = 2
    private static let width = UInt64(TilePath.fullWidth)

    let workspace: String
    let history: RetentionHistory
    /// The indices of the entries; none where nothing is due.
    let indices: Range<UInt64>

    /// Looks at a log. Throws `LogReadingError`, `StorageError` where what is due does not fit what was signed: an entry
    /// whose time somebody changed is not pruned for it.
    ///
    /// - Parameter now: Unix milliseconds.
    init(_ workspace: String, at now: Int64, in transaction: any Transaction) throws {
        self.workspace = workspace
        history = try RetentionHistory.find(workspace, in: transaction)
        let log = try StoredLog.find(workspace, in: transaction)
        var end = log?.minimum ?? 0
        while let log, end < log.minimum + UInt64(Self.step) * Self.width,
            let bundle = try FrontBundle(at: end, of: log, in: transaction),
            let over = bundle.end(under: history), over <= now
        {
            try bundle.requireSigned(in: transaction)
            end += Self.width
        }
        indices = (log?.minimum ?? 0)..<end
    }

    /// Removes them; false where somebody changed the log's terms or its front in the meantime. The entry that tells of it,
    /// the front and the rows are one unit of work.
    func remove(telling trail: AuditTrail, at now: Int64, in transaction: any Transaction) throws -> Bool {
        guard try RetentionHistory.find(workspace, in: transaction) == history,
            try StoredLog.raiseMinimum(of: workspace, from: indices.lowerBound, to: indices.upperBound, in: transaction)
        else { return false }
        // It comes before the removal: numbers are given from the last entry on.
        try trail.append(
            AuditEntry(
                workspace: workspace, time: now, action: .logPruned, record: workspace, origin: .system,
                detail: PrunedEntries(first: indices.lowerBound + 1, last: indices.upperBound).text), in: transaction)
        let removed = try transaction.execute(
            "DELETE FROM audit_entry WHERE workspace = $1 AND sequence > $2 AND sequence <= $3",
            [.text(workspace), .integer(Int64(indices.lowerBound)), .integer(Int64(indices.upperBound))])
        guard removed == indices.count else { throw RetentionError(.damaged, "entries are missing at the front") }
        try removeSummaries(in: transaction)
        try removeKeys(in: transaction)
        try RetentionHistory.forget(before: indices.upperBound, workspace: workspace, in: transaction)
        return true
    }
    private func removeSummaries(in transaction: any Transaction) throws {
        try transaction.execute(
            "DELETE FROM audit_bundle WHERE workspace = $1 AND number < $2",
            [.text(workspace), .integer(Int64(indices.upperBound / Self.width))])
    }

    /// The keys of persons that only they were sealed under.
    private func removeKeys(in transaction: any Transaction) throws {
        let first = try transaction.row(
            "SELECT time FROM audit_entry WHERE workspace = $1 ORDER BY sequence LIMIT 1", [.text(workspace)])
        guard let first else { return }
        try PersonKey.removeUnused(since: first.integer(0), workspace: workspace, in: transaction)
    }
}
