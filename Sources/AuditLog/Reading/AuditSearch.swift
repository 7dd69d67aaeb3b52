import Storage

/// A filter as the database understands it: one index leads to the entries, the rest is checked on each.
struct AuditSearch {
    /// What leads to the entries.
    enum Index {
        case record, person, agent, all

        init(_ filter: AuditFilter) {
            self =
                if filter.record != nil { .record } else if filter.person != nil { .person } else if filter.agent != nil
                { .agent } else { .all }
        }
    }

    private let index: Index
    private let workspace: String
    private let values: [SQLValue]

    /// Nil where nothing can match, because the person has no key.
    init?(_ filter: AuditFilter, workspace: String, in transaction: any Transaction) throws(StorageError) {
        var personKey: [UInt8] = []
        if let person = filter.person {
            let row = try transaction.row(
                "SELECT key_id FROM audit_person WHERE workspace = $1 AND person = $2",
                [.text(workspace), .text(person.name)])
            guard let row else { return nil }
            personKey = try row.bytes(0)
        }
        index = Index(filter)
        self.workspace = workspace
        values = [
            .text(workspace), .text(filter.record ?? ""), .text(filter.agent ?? ""), .bytes(personKey),
            .text(filter.action?.rawValue ?? ""), .integer(filter.from ?? 0), .integer(filter.to ?? .max),
            .integer(filter.before ?? .max),
        ]
    }

    /// The newest first.
    func entries(
        offset: Int, limit: Int, in transaction: any Transaction
    ) throws(StorageError) -> [RecordedEntry] {
        try transaction.rows(index.entries, values + [.integer(Int64(limit)), .integer(Int64(offset))])
            .map { row throws(StorageError) in try RecordedEntry(row, workspace: workspace) }
    }

    func counts(
        limit: Int, in transaction: any Transaction
    ) throws(StorageError) -> [(action: String, count: Int)] {
        try transaction.rows(index.counts, values + [.integer(Int64(limit))])
            .map { row throws(StorageError) in (try row.text(0), Int(try row.integer(1))) }
    }
}
