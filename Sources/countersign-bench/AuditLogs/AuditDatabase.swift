import AuditLog
import Schema
import Storage

/// A database with one log in it, kept as the host keeps it, in this process.
final class AuditDatabase {
    /// Entries of a unit of work.
    static let unit = 64

    let path: String
    let database: SQLiteDatabase
    let trail: AuditTrail
    let keeper: LogKeeper
    let challenges = LoggedChallenges(workspace: "benchmark")
    private let sequencer: LogSequencer
    private(set) var count = 0

    init(path: String) throws {
        self.path = path
        database = try SQLiteDatabase.open(path: path, migrations: Schema.migrations)
        trail = AuditTrail { [UInt8](repeating: 7, count: 32) }
        keeper = try LogKeeper()
        sequencer = LogSequencer(
            database: database, trail: trail, signer: keeper, now: { WallTime.milliseconds })
    }

    var workspace: String { challenges.workspace }

    /// Appends about `wanted` entries, and has them signed in stretches as long as those of a busy second.
    /// - Returns: entries a second, durable and signed.
    @discardableResult
    func append(_ wanted: Int, unit: Int = unit, progress: (Int) -> Void = { _ in }) async throws -> Double {
        let (before, start) = (count, MonotonicClock.now)
        var unsigned = 0
        while count - before < wanted {
            unsigned += try await append(unit: unit)
            guard unsigned >= 5_000 || count - before >= wanted else { continue }
            await sequencer.look()
            unsigned = 0
            progress(count)
        }
        guard await sequencer.states[workspace] == .fine else { throw BenchmarkError("the log was not signed") }
        return Double(count - before) / MonotonicClock.seconds(since: start)
    }

    private func append(unit: Int) async throws -> Int {
        let first = count / LoggedChallenges.entriesEach
        let entries = (first..<(first + unit / LoggedChallenges.entriesEach)).flatMap(challenges.entries)
        let trail = trail
        try await database.write { transaction in
            for entry in entries { try trail.append(entry, in: transaction) }
        }
        count += entries.count
        return entries.count
    }

    func close() async { await database.close() }
}
