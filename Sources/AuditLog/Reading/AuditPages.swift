import Storage

/// One page of the log, and where the next one begins.
public struct AuditPage: Sendable {
    public let entries: [OpenedEntry]
    /// The number to read on from; nil where there is nothing more. A log that is read forwards can always grow.
    public let next: Int64?
}

/// Reads the log page by page. A place in it is an entry's number, so that nothing is missed or seen twice however many
/// entries are appended meanwhile.
public struct AuditPages: Sendable {
    /// What every entry of the pages has.
    public struct Wish: Sendable {
        public var filter: AuditFilter
        /// Who acted, as `Principal` describes it.
        public var actor: String?
        public var outcome: AuditOutcome?
        /// Entries of a page, at most.
        public var limit: Int

        public init(filter: AuditFilter, actor: String? = nil, outcome: AuditOutcome? = nil, limit: Int) {
            self.filter = filter
            self.actor = actor
            self.outcome = outcome
            self.limit = limit
        }

        /// How many entries to look at at once: those of a page where each is looked up, more where some are passed over.
        fileprivate var step: Int { actor == nil && outcome == nil ? limit : AuditPages.step }

        fileprivate func fits(_ entry: RecordedEntry) -> Bool {
            (actor == nil || actor == entry.actor) && (outcome == nil || outcome?.rawValue == entry.outcome)
        }
    }

    /// Entries that are looked at for one page: where few fit, pages are short, and no page takes long.
    static let reach = 10_000
    fileprivate static let step = 500

    let reader: AuditReader

    public init(_ reader: AuditReader) { self.reader = reader }

    /// The newest entries in front of the filter's `before`, the newest first. Throws `StorageError`.
    public func backwards(_ wish: Wish, workspace: String) async throws -> AuditPage {
        var (filter, found, seen) = (wish.filter, [OpenedEntry](), 0)
        while seen < Self.reach {
            let batch = try await reader.entries(filter, workspace: workspace, limit: wish.step)
            for opened in batch where wish.fits(opened.entry) {
                found.append(opened)
                guard found.count < wish.limit else { return AuditPage(entries: found, next: opened.entry.sequence) }
            }
            guard batch.count == wish.step else { return AuditPage(entries: found, next: nil) }
            filter.before = batch.last?.entry.sequence
            seen += batch.count
        }
        return AuditPage(entries: found, next: filter.before)
    }

    /// The entries after a number, the oldest first. Throws `StorageError`.
    public func forwards(_ wish: Wish, after start: Int64, workspace: String) async throws -> AuditPage {
        var (after, found, seen) = (start, [OpenedEntry](), 0)
        while seen < Self.reach {
            let batch = try await reader.entries(wish.filter, after: after, count: Self.step, workspace: workspace)
            for opened in batch.matching where wish.fits(opened.entry) {
                found.append(opened)
                guard found.count < wish.limit else { return AuditPage(entries: found, next: opened.entry.sequence) }
            }
            after = batch.last ?? after
            guard batch.count == Self.step else { break }
            seen += batch.count
        }
        return AuditPage(entries: found, next: after)
    }
}

extension AuditReader {
    /// Of the entries after a number those that match, the oldest first; how many there were in all, and the last one's
    /// number.
    fileprivate func entries(
        _ filter: AuditFilter, after start: Int64, count: Int, workspace: String
    ) async throws -> (matching: [OpenedEntry], count: Int, last: Int64?) {
        try await database.read { transaction in
            let batch = try RecordedEntry.range(after: start, count: count, workspace: workspace, in: transaction)
            var opening = PersonalOpening(workspace: workspace, wrapping: wrapping)
            let matching = try batch.filter(filter.fits).compactMap { entry -> OpenedEntry? in
                if let person = filter.person {
                    guard try person.isHolder(ofKeyIn: entry, workspace: workspace, in: transaction) else { return nil }
                }
                return OpenedEntry(entry: entry, personal: try opening.open(entry, in: transaction))
            }
            return (matching, batch.count, batch.last?.sequence)
        }
    }
}

extension AuditFilter {
    /// Whether an entry has all that does not depend on the person.
    fileprivate func fits(_ entry: RecordedEntry) -> Bool {
        (agent == nil || agent == entry.agent) && (record == nil || record == entry.record)
            && (action == nil || action?.rawValue == entry.action) && entry.time >= from ?? .min
            && entry.time <= to ?? .max
    }
}

extension AuditPerson {
    /// Whether what an entry says of somebody is sealed under a key of theirs.
    fileprivate func isHolder(
        ofKeyIn entry: RecordedEntry, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        guard let number = entry.personal.flatMap(KeyNumber.init(startOf:)) else { return false }
        return try transaction.row(
            "SELECT 1 FROM audit_person WHERE workspace = $1 AND number = $2 AND person = $3",
            [.text(workspace), .bytes(number.bytes), .text(name)]) != nil
    }
}
