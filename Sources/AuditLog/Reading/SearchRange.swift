import Storage
import TransparencyLog

/// Entries that have to be read to find those that match: the sequence numbers between the two, which are not among them.
struct SearchRange: Equatable {
    var after: Int64
    var before: Int64
}

/// The ranges of a log in which entries may match a filter, the newest first. They are read as they are asked for, so that
/// a search that has found enough reads no more.
struct SearchRanges {
    /// Summaries that are read at a time.
    private static let page: Int64 = 256

    private let filter: AuditFilter
    private let mark: RecordMark?
    private let keys: Set<KeyNumber>?
    private let workspace: String
    private let transaction: any Transaction
    private var found: [SearchRange] = []
    /// All in front of this number is still to be looked at.
    private var before: Int64
    private var isFirst = true

    /// - Parameter keys: those that the filter's person has or had.
    init(_ filter: AuditFilter, keys: Set<KeyNumber>?, workspace: String, in transaction: any Transaction) {
        self.filter = filter
        self.workspace = workspace
        self.transaction = transaction
        mark = filter.record.map(RecordMark.init)
        self.keys = keys
        before = filter.before ?? .max
    }

    /// The next one, nil once everything was looked at.
    mutating func next() throws(StorageError) -> SearchRange? {
        while found.isEmpty {
            guard before > 1 else { return nil }
            try look()
        }
        return found.removeFirst()
    }

    /// Looks at the next summaries. What has none may match: the newest entries, and what somebody took the summary of.
    private mutating func look() throws(StorageError) {
        guard filter.record != nil || filter.person != nil || filter.from != nil || filter.to != nil else {
            found = [SearchRange(after: 0, before: before)]
            before = 0
            return
        }
        let width = Int64(TilePath.fullWidth)
        // What somebody wrote beyond these numbers is of no entries.
        let last = before == .max ? before / width - 1 : (before - 2) / width
        let rows = try transaction.rows(
            """
            SELECT number, earliest, latest, records, persons FROM audit_bundle
            WHERE workspace = $1 AND number >= 0 AND number <= $2 ORDER BY number DESC LIMIT $3
            """, [.text(workspace), .integer(last), .integer(Self.page)])
        for row in rows {
            let number = try row.integer(0)
            guard (0..<Int64.max / width - 1).contains(number) else {
                throw StorageError(.unexpectedValue, reason: "audit_bundle has a number that no bundle has")
            }
            let (begin, end) = (number * width, (number + 1) * width + 1)
            if end < before { add(SearchRange(after: end - 1, before: before)) }
            let range = SearchRange(after: begin, before: min(end, before))
            before = begin + 1
            if try mayMatch(row) { add(range) }
        }
        guard rows.count < Self.page else { return }
        if before > 1 { add(SearchRange(after: 0, before: before)) }
        before = 0
    }

    private func mayMatch(_ row: Row) throws(StorageError) -> Bool {
        if let from = filter.from, try row.integer(2) < from { return false }
        if let to = filter.to, try row.integer(1) > to { return false }
        if let mark, try !row.bytes(3).integers(UInt32.self, contain: { $0 == mark.value }) { return false }
        if let keys, try !row.bytes(4).integers(UInt64.self, contain: { keys.contains(KeyNumber($0)) }) { return false }
        return true
    }

    /// Neighbours become one.
    private mutating func add(_ range: SearchRange) {
        if let last = found.last, last.after == range.before - 1 {
            found[found.count - 1].after = range.after
        } else {
            found.append(range)
        }
    }
}

extension [UInt8] {
    /// Whether one of the big-endian integers that these are is wanted.
    fileprivate func integers<Value: FixedWidthInteger>(_: Value.Type, contain isWanted: (Value) -> Bool) -> Bool {
        let width = MemoryLayout<Value>.size
        return withUnsafeBytes { bytes in
            stride(from: 0, through: bytes.count - width, by: width).contains {
                isWanted(Value(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Value.self)))
            }
        }
    }
}
