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
    /// The persons' keys that their personal parts name.
    let persons: Set<[UInt8]>

    /// Looks at a log. Throws `LogReadingError`, `StorageError` where what is due does not fit what was signed: an entry
    /// whose time somebody changed is not pruned for it.
    ///
    /// - Parameter now: Unix milliseconds.
    init(_ workspace: String, at now: Int64, in transaction: any Transaction) throws {
        self.workspace = workspace
        history = try RetentionHistory.find(workspace, in: transaction)
        let log = try StoredLog.find(workspace, in: transaction)
        var (end, persons) = (log?.minimum ?? 0, Set<[UInt8]>())
        while let log, end < log.minimum + UInt64(Self.step) * Self.width,
            let bundle = try FrontBundle(at: end, of: log, in: transaction),
            let over = bundle.end(under: history), over <= now
        {
            try bundle.requireSigned(in: transaction)
            persons.formUnion(bundle.persons)
            end += Self.width
        }
        indices = (log?.minimum ?? 0)..<end
        self.persons = persons
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
        try PersonKey.destroyUnused(persons, workspace: workspace, in: transaction)
        try RetentionHistory.forget(before: indices.upperBound, workspace: workspace, in: transaction)
        return true
    }
}

/// The 256 entries that a log begins with, or that follow others which are due.
struct FrontBundle {
    let log: StoredLog
    private let number: UInt64
    private let entries: [RecordedEntry]

    /// Nil where so many are not signed yet, or the log would be left without a signed entry. Throws `LogReadingError`
    /// where some are missing, `StorageError`.
    init?(at start: UInt64, of log: StoredLog, in transaction: any Transaction) throws {
        let width = UInt64(TilePath.fullWidth)
        guard start + width < log.head.size else { return nil }
        self.log = log
        number = start / width
        entries = try RecordedEntry.range(
            after: Int64(start), count: TilePath.fullWidth, workspace: log.workspace, in: transaction)
        guard entries.count == TilePath.fullWidth, entries.last?.sequence == Int64(start + width) else {
            throw LogReadingError(.damaged, "entries at the front are missing")
        }
    }

    /// When the time of all of them is over; nil while no end is set.
    func end(under history: RetentionHistory) -> Int64? {
        // A clock that goes back makes no entry older than those before it.
        var (time, end) = (Int64.min, Int64.min)
        for entry in entries {
            time = max(time, entry.time)
            guard let over = history.end(ofEntry: entry.sequence, writtenAt: time) else { return nil }
            end = max(end, over)
        }
        return end
    }

    /// The persons' keys that their personal parts name.
    var persons: Set<[UInt8]> {
        Set(entries.compactMap { $0.personal.map { Array($0.prefix(PersonKey.identifierLength)) } })
    }

    /// Throws `LogReadingError` unless they are those that were signed.
    func requireSigned(in transaction: any Transaction) throws {
        let tile = try StoredTiles(workspace: log.workspace, transaction: transaction)
            .tile(TilePath(.hashes(level: 0), number: number))
        guard tile.hashes == entries.map({ .leaf($0.canonicalText) }) else {
            throw LogReadingError(.damaged, "entries at the front are not those that were signed")
        }
    }
}
