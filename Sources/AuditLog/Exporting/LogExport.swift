import Crypto
import Storage
import TransparencyLog

/// An export that has begun: which entries it has is settled, whatever is appended meanwhile.
public struct LogExport: Sendable {
    /// How it is written.
    public let format: ExportStatement.Format
    /// The indices of its entries.
    public let entries: Range<UInt64>
    let log: StoredLog
    let edge: [LogHash]
    let consistency: ConsistencyProof
    /// Unix milliseconds.
    let time: Int64
    let database: any Database
    let wrapping: WrappingKey

    /// Entries that are read at once.
    private static let step: UInt64 = 256

    /// Writes the entries piece by piece, and the manifest as the last line.
    ///
    /// - Parameters:
    ///   - sign: has a statement signed with the log's key: the signed note.
    ///   - take: takes a piece, and returns when the next may come.
    /// - Throws: `LogReadingError` with `damaged` where entries are missing; what the parameters throw.
    public func write(
        signing sign: @Sendable (ExportStatement) async throws -> String,
        to take: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        var digest = SHA256()
        var index = entries.lowerBound
        if format == .csv {
            digest.update(data: ExportedEntry.header)
            try await take(ExportedEntry.header)
        }
        while index < entries.upperBound {
            let end = min(index + Self.step, entries.upperBound)
            let piece = try await piece(index..<end)
            digest.update(data: piece)
            try await take(piece)
            index = end
        }
        try await take(manifest(LogHash(Array(digest.finalize())), sign).text)
    }

    private func manifest(
        _ digest: LogHash, _ sign: (ExportStatement) async throws -> String
    ) async throws -> ExportManifest {
        let statement = ExportStatement(
            origin: try VerifierKey(parsing: log.verifierKey).name, format: format, entries: entries, digest: digest,
            head: log.head, time: UInt64(clamping: time))
        guard let statement else { throw LogReadingError(.damaged, "the log is shorter than its export") }
        return ExportManifest(
            statement: try await sign(statement), checkpoint: log.checkpoint, edge: edge, consistency: consistency)
    }

    private func piece(_ range: Range<UInt64>) async throws(LogReadingError) -> [UInt8] {
        try await database.read(throwing: LogReadingError.self) { transaction in
            let recorded = try RecordedEntry.range(
                after: Int64(range.lowerBound), count: range.count, workspace: log.workspace, in: transaction)
            guard recorded.count == range.count, recorded.last?.sequence == Int64(range.upperBound) else {
                throw LogReadingError(.damaged, "entries are missing in front of the checkpoint's")
            }
            var opening = PersonalOpening(workspace: log.workspace, wrapping: wrapping)
            var piece: [UInt8] = []
            for entry in recorded {
                let exported = ExportedEntry(entry: entry, personal: try opening.text(of: entry, in: transaction))
                piece += format == .csv ? exported.row : exported.line
            }
            return piece
        }
    }
}
