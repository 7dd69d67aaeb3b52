import Storage

extension RecordedEntry {
    /// The entries after a number, the oldest first.
    static func range(
        after sequence: Int64, count: Int, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [RecordedEntry] {
        try transaction.rows(rangeStatement, rangeValues(after: sequence, count: count, workspace))
            .map { row throws(StorageError) in try RecordedEntry(row, workspace: workspace) }
    }

    /// The columns stand in the order of ``EntryColumn``.
    static let rangeStatement: StaticString = """
        SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
        FROM audit_entry WHERE workspace = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
        """

    static func rangeValues(after sequence: Int64, count: Int, _ workspace: String) -> [SQLValue] {
        [.text(workspace), .integer(sequence), .integer(Int64(count))]
    }
}
