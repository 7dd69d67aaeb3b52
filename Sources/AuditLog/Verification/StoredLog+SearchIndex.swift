import Storage
import TransparencyLog

extension StoredLog {
    /// Checks one summary by which searches find their entries (table `audit_bundle`) against the entries that it is of: a
    /// search does not look where a summary says that there is nothing. One that is missing hides nothing.
    ///
    /// - Parameter number: the bundle from which on the next one is checked.
    /// - Returns: the bundle after it; nil where there is no summary any more.
    func checkSummary(from number: UInt64, in transaction: any Transaction) throws -> UInt64? {
        let width = UInt64(TilePath.fullWidth)
        let bundles = minimum / width..<head.size / width
        if number == 0 { try requireSummaries(of: bundles, in: transaction) }
        let row = try transaction.row(
            """
            SELECT number, records, persons, earliest, latest FROM audit_bundle
            WHERE workspace = $1 AND number >= $2 ORDER BY number LIMIT 1
            """, [.text(workspace), .integer(Int64(max(number, bundles.lowerBound)))])
        guard let row else { return nil }
        let found = UInt64(try row.integer(0))
        // More may have been signed since the last one was checked: those are looked at with the next verification.
        guard found < bundles.upperBound else { return nil }
        let summary = try BundleSummary(number: found, of: workspace, upTo: (found + 1) * width, in: transaction)
        // A value that cannot be read does not fit either.
        guard (try? summary.fits(row)) == true else {
            throw Self.wrongSummary(of: found)
        }
        return found + 1
    }

    private static func wrongSummary(of bundle: UInt64) -> StoredLogFault {
        let first = bundle * UInt64(TilePath.fullWidth) + 1
        let last = first + UInt64(TilePath.fullWidth) - 1
        return StoredLogFault("The search index of entries \(first) to \(last) is wrong: searches may miss some.")
    }

    private func requireSummaries(of bundles: Range<UInt64>, in transaction: any Transaction) throws {
        let row = try transaction.row(
            """
            SELECT number FROM audit_bundle WHERE workspace = $1
                AND (number < $2 OR number >= $3 OR length(records) > $4 OR length(persons) > $5)
            ORDER BY number LIMIT 1
            """,
            [
                .text(workspace), .integer(Int64(bundles.lowerBound)), .integer(Int64(bundles.upperBound)),
                .integer(Int64(TilePath.fullWidth * RecordMark.length)),
                .integer(Int64(TilePath.fullWidth * KeyNumber.length)),
            ])
        guard let number = try row?.integer(0) else { return }
        if let bundle = UInt64(exactly: number), bundles.contains(bundle) { throw Self.wrongSummary(of: bundle) }
        throw StoredLogFault(
            "The search index is wrong: it has a part \(number), of entries that the log does not have.")
    }
}

extension BundleSummary {
    /// Whether a row of the table says the same, with each mark once, in any order.
    fileprivate func fits(_ row: Row) throws -> Bool {
        try Self.sorted(row.bytes(1), RecordMark.length) == Self.sorted(records.flatMap(\.bytes), RecordMark.length)
            && Self.sorted(row.bytes(2), KeyNumber.length) == Self.sorted(persons.flatMap(\.bytes), KeyNumber.length)
            && row.integer(3) == earliest && row.integer(4) == latest
    }

    private static func sorted(_ bytes: [UInt8], _ width: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: width).map { Array(bytes[$0..<min($0 + width, bytes.count)]) }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }
}
