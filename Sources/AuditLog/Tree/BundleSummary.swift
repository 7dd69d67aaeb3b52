import Crypto
import Encodings
import Storage
import TransparencyLog

/// What the entries of one full bundle are about (table `audit_bundle`): whether it may have entries of a record, a person
/// or a time is known without reading them.
struct BundleSummary: Sendable {
    let number: UInt64
    /// One mark of each record, and the number of each person's key.
    private(set) var records: Set<RecordMark> = []
    private(set) var persons: Set<KeyNumber> = []
    /// Unix milliseconds; a clock that was set back leaves later entries with earlier times.
    private(set) var earliest = Int64.max
    private(set) var latest = Int64.min
    private(set) var count = 0

    init(number: UInt64) { self.number = number }

    /// The summary of a bundle's entries, those that a log of `size` has.
    init(number: UInt64, of workspace: String, upTo size: UInt64, in transaction: any Transaction) throws(StorageError)
    {
        self.init(number: number)
        let rows = try transaction.rows(
            """
            SELECT record, personal, time FROM audit_entry
            WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence
            """, [.text(workspace), .integer(Int64(number) * Int64(TilePath.fullWidth)), .integer(Int64(size))])
        for row in rows { try add(record: row.text(0), personal: row.optionalBytes(1), time: row.integer(2)) }
    }

    var isFull: Bool { count == TilePath.fullWidth }

    mutating func add(record: String, personal: [UInt8]?, time: Int64) {
        records.insert(RecordMark(record))
        if let number = personal.flatMap(KeyNumber.init(startOf:)) { persons.insert(number) }
        earliest = min(earliest, time)
        latest = max(latest, time)
        count += 1
    }

    func write(workspace: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO audit_bundle (workspace, number, records, persons, earliest, latest)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, number) DO NOTHING
            """,
            [
                .text(workspace), .integer(Int64(number)), .bytes(records.flatMap(\.bytes)),
                .bytes(persons.flatMap(\.bytes)), .integer(earliest), .integer(latest),
            ])
    }
}

/// Four bytes of the SHA-256 of a record's identifier: two records of one bundle seldom have the same.
struct RecordMark: Hashable, Sendable {
    let value: UInt32

    init(_ record: String) {
        value = UInt32(bigEndianBytes: SHA256.hash(data: Array(record.utf8)).prefix(Self.length))
    }

    static let length = 4

    var bytes: [UInt8] { value.bigEndianBytes }
}

/// The summaries of the bundles that a growing log fills.
struct GrowingSummaries {
    /// Those that are full.
    private(set) var full: [BundleSummary] = []
    private var current: BundleSummary

    /// The summaries of a log that has `size` entries: those of the last bundle are looked at again.
    init(_ workspace: String, size: UInt64, in transaction: any Transaction) throws {
        current = try BundleSummary(
            number: size / UInt64(TilePath.fullWidth), of: workspace, upTo: size, in: transaction)
    }

    mutating func append(_ entry: LentEntry) throws(StorageError) {
        var personal: [UInt8]?
        try entry.withBytes(.personal) { personal = $0.map { Array($0.prefix(KeyNumber.length)) } }
        current.add(record: try entry.text(.record), personal: personal, time: try entry.integer(.time))
        guard current.isFull else { return }
        full.append(current)
        current = BundleSummary(number: current.number + 1)
    }
}
