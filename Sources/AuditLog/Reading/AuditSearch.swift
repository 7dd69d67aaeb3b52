import Storage

/// A filter as the database understands it: an index or the summaries of bundles lead to entries that may match, the rest is
/// checked on each.
struct AuditSearch {
    /// What leads to the entries.
    enum Way: CaseIterable {
        /// The index over agents.
        case agent
        /// The log itself, where it may match.
        case ranges
    }

    private let way: Way
    private let filter: AuditFilter
    private let keys: Set<KeyNumber>?
    private let workspace: String
    private let transaction: any Transaction

    /// Nil where nothing can match, because the person has no key.
    init?(_ filter: AuditFilter, workspace: String, in transaction: any Transaction) throws(StorageError) {
        keys = try filter.person.map { person throws(StorageError) in
            Set(try person.keys(workspace: workspace, in: transaction))
        }
        if let keys, keys.isEmpty { return nil }
        way = filter.agent != nil && filter.record == nil && filter.person == nil ? .agent : .ranges
        self.filter = filter
        self.workspace = workspace
        self.transaction = transaction
    }

    /// The newest first.
    func entries(offset: Int, limit: Int) throws(StorageError) -> [RecordedEntry] {
        var found: [RecordedEntry] = []
        var skipped = offset
        var ranges = ranges()
        while found.count < limit, let range = try ranges.next() {
            let page: [SQLValue] = [.integer(Int64(limit - found.count)), .integer(Int64(skipped))]
            let rows = try transaction.rows(way.entries, values(range) + page)
            found += try rows.map { row throws(StorageError) in try RecordedEntry(row, workspace: workspace) }
            if rows.isEmpty, skipped > 0 {
                skipped = max(0, skipped - (try counts(in: range, limit: skipped).reduce(0) { $0 + $1.count }))
            } else {
                skipped = 0
            }
        }
        return found
    }

    /// By action, of the newest `limit`.
    func counts(limit: Int) throws(StorageError) -> [(action: String, count: Int)] {
        var counts: [String: Int] = [:]
        var left = limit
        var ranges = ranges()
        while left > 0, let range = try ranges.next() {
            for (action, count) in try self.counts(in: range, limit: left) {
                counts[action, default: 0] += count
                left -= count
            }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func counts(
        in range: SearchRange, limit: Int
    ) throws(StorageError) -> [(action: String, count: Int)] {
        try transaction.rows(way.counts, values(range) + [.integer(Int64(limit))])
            .map { row throws(StorageError) in (try row.text(0), Int(try row.integer(1))) }
    }

    private func ranges() -> SearchRanges {
        var filter = filter
        // The index finds them all at once.
        if way == .agent { (filter.from, filter.to) = (nil, nil) }
        return SearchRanges(filter, keys: keys, workspace: workspace, in: transaction)
    }

    private func values(_ range: SearchRange) -> [SQLValue] {
        [
            .text(workspace), .text(filter.record ?? ""), .text(filter.agent ?? ""),
            .text(filter.person?.name ?? ""), .text(filter.action?.rawValue ?? ""),
            .integer(filter.from ?? .min), .integer(filter.to ?? .max), .integer(range.after), .integer(range.before),
        ]
    }
}
