import Storage
import TransparencyLog

/// The 256 entries that a log begins with, or that follow others which are due.
struct FrontBundle {
    let log: StoredLog
    private let number: UInt64
    private let entries: [RecordedEntry]

    /// Nil where so many are not signed yet, or the log would be left without a signed entry. Throws `LogReadingError`
    /// where some are missing, `StorageError`.
    init?(at start: UInt64, of log: StoredLog, in transaction: any Transaction) throws {
        let width = UInt64(TilePath.fullWidth)
        guard start + width < log.head.size else { return nil }
        self.log = log
        number = start / width
        entries = try RecordedEntry.range(
            after: Int64(start), count: TilePath.fullWidth, workspace: log.workspace, in: transaction)
        guard entries.count == TilePath.fullWidth, entries.last?.sequence == Int64(start + width) else {
            throw LogReadingError(.damaged, "entries at the front are missing")
        }
    }

    /// When the time of all of them is over; nil while no end is set.
    func end(under history: RetentionHistory) -> Int64? {
        var end = Int64.min
        for entry in entries {
            guard let over = history.end(ofEntry: entry.sequence, writtenAt: entry.time) else { return nil }
            end = max(end, over)
        }
        return end
    }

    /// Throws `LogReadingError` unless they are those that were signed.
    func requireSigned(in transaction: any Transaction) throws {
        let tile = try StoredTiles(workspace: log.workspace, transaction: transaction)
            .tile(TilePath(.hashes(level: 0), number: number))
        guard tile.hashes == entries.map({ .leaf($0.canonicalText) }) else {
            throw LogReadingError(.damaged, "entries at the front are not those that were signed")
        }
    }
}
