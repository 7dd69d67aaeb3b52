import Storage
import TransparencyLog

/// Exports stretches of logs, personal parts opened. Each export is an entry itself.
public struct AuditExports: Sendable {
    /// Which entries of a log, by their times in Unix milliseconds, both included; nil for those at an end.
    public struct Period: Sendable {
        public var from: Int64?
        public var to: Int64?

        public init(from: Int64? = nil, to: Int64? = nil) {
            self.from = from
            self.to = to
        }
    }

    let database: any Database
    let trail: AuditTrail
    let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - trail: has the key that personal parts open with, and takes the entry.
    ///   - now: the time in Unix milliseconds.
    public init(database: any Database, trail: AuditTrail, now: @escaping @Sendable () -> Int64) {
        self.database = database
        self.trail = trail
        self.now = now
    }

    /// Begins an export of what the log's last checkpoint covers: from the first entry that is kept and not older than
    /// the period to the last one that is not younger. Throws `notFound` for a log that was never signed, `damaged`,
    /// `unavailable`.
    public func begin(
        _ format: ExportStatement.Format, _ period: Period = Period(), workspace: String, origin: RequestOrigin
    ) async throws(LogReadingError) -> LogExport {
        let time = now()
        // A look for times may take long, so it is none of the unit of work that writes.
        let export = try await database.read(throwing: LogReadingError.self) { transaction in
            try trail.wrapping.require()
            guard let log = try StoredLog.find(workspace, in: transaction) else { throw LogReadingError(.notFound) }
            let entries = try Self.entries(period, of: log, in: transaction)
            let tiles = StoredTiles(workspace: workspace, transaction: transaction).hashes(ofSize: log.head.size)
            return LogExport(
                format: format, entries: entries, log: log,
                edge: try TreeEdge(size: entries.lowerBound, from: tiles).hashes,
                consistency: try ConsistencyProof(from: entries.upperBound, to: log.head.size, in: tiles),
                time: time, database: database, wrapping: trail.wrapping)
        }
        let detail = "\(format.rawValue): \(export.entries.count) entries after \(export.entries.lowerBound)"
        try await note(detail, workspace: workspace, origin: origin)
        return export
    }

    /// Notes that entries left in another form than ``begin(_:_:workspace:origin:)`` gives them. Throws `unavailable`.
    public func note(_ detail: String, workspace: String, origin: RequestOrigin) async throws(LogReadingError) {
        let time = now()
        try await database.write(throwing: LogReadingError.self) { transaction in
            try trail.append(
                AuditEntry(
                    workspace: workspace, time: time, action: .logExported, record: workspace, origin: origin,
                    detail: detail),
                in: transaction)
        }
    }

    /// The stretch of the log that has all entries of a period. Times may stand out of order by a moment, numbers never.
    private static func entries(
        _ period: Period, of log: StoredLog, in transaction: any Transaction
    ) throws -> Range<UInt64> {
        let bounds: [SQLValue] = [
            .text(log.workspace), .integer(Int64(log.minimum)), .integer(Int64(log.head.size)),
        ]
        let first = try transaction.row(
            """
            SELECT sequence FROM audit_entry WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 AND time >= $4
            ORDER BY sequence LIMIT 1
            """, bounds + [.integer(period.from ?? .min)])
        let last = try transaction.row(
            """
            SELECT sequence FROM audit_entry WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 AND time <= $4
            ORDER BY sequence DESC LIMIT 1
            """, bounds + [.integer(period.to ?? .max)])
        guard let first = try first?.integer(0), let last = try last?.integer(0), first <= last else {
            return log.head.size..<log.head.size
        }
        return UInt64(first - 1)..<UInt64(last)
    }
}
