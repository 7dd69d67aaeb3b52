import Storage

/// The personal parts that nobody can read any more, because their key is gone, by the key's number: the first entry of each.
struct KeylessParts: Sendable {
    /// Entries that are looked at in one read.
    static let step: Int64 = 50_000

    private(set) var firstEntries: [KeyNumber: Int64] = [:]

    /// Looks at the entries from `first` on. Of one that is not signed yet the part itself may be gone too.
    mutating func look(from first: Int64, workspace: String, in transaction: any Transaction) throws {
        let rows = try transaction.rows(
            """
            SELECT MIN(sequence), substr(personal, 1, 8) FROM audit_entry
            WHERE workspace = $1 AND sequence >= $2 AND sequence < $3 AND commitment IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM audit_person WHERE audit_person.workspace = audit_entry.workspace
                    AND audit_person.number = substr(audit_entry.personal, 1, 8) AND audit_person.salt IS NOT NULL)
            GROUP BY substr(personal, 1, 8) ORDER BY 1
            """, [.text(workspace), .integer(first), .integer(first + Self.step)])
        for row in rows {
            let entry = try row.integer(0)
            guard let number = try row.optionalBytes(1).flatMap(KeyNumber.init(startOf:)) else {
                throw StoredLogFault(entry: UInt64(entry), "Its personal part is gone, which no erasure does.")
            }
            if firstEntries[number] == nil { firstEntries[number] = entry }
        }
    }

    /// Says so where a key is gone that no entry of an erasure names.
    func requireErased(_ workspace: String, in transaction: any Transaction) throws {
        var unexplained = firstEntries
        let erasures = try transaction.rows(
            "SELECT detail FROM audit_entry WHERE workspace = $1 AND action = $2",
            [.text(workspace), .text(AuditAction.personErased.rawValue)])
        for erasure in erasures {
            for number in ErasedKeys(detail: try erasure.text(0))?.numbers ?? [] { unexplained[number] = nil }
        }
        guard let entry = unexplained.values.min() else { return }
        throw StoredLogFault(
            entry: UInt64(entry), "The key of its personal part is gone, and no entry says that its person was erased.")
    }
}
