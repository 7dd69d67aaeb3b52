import EnclaveLink
import Storage
import Synchronization
import Workspaces

/// How many codes are sent and what comes of them, by the hour.
///
/// It is gathered in memory and written every few seconds, so that a send writes no row of its own for it; what was
/// gathered and not written is lost with the process.
public final class PasscodeStatistics: Sendable {
    /// Milliseconds.
    static let hour: Int64 = 3_600_000
    /// Hours that figures are kept: 90 days.
    static let memory: Int64 = 2_160
    /// Prefixes of an hour that keep a row of their own when it is over.
    static let keptPrefixes = 50
    /// Rows that are written in one unit of work, so that nobody waits for it long.
    private static let step = 200

    let database: any Database
    let clock: WallClock
    private let tally = Mutex(StatisticsTally())
    /// The hour up to which prefixes were folded.
    private let foldedUntil = Mutex<Int64>(0)
    private let totals = Mutex(PasscodeTotals())

    init(database: any Database, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What happened since this process started, in all workspaces.
    public var sinceStart: PasscodeTotals { totals.withLock { $0 } }

    /// Counts an event of a challenge under the hour in which the code was first asked for.
    func note(_ event: StatisticsEvent, of challenge: Challenge, channel: Channel, provider: String?) {
        let hour = challenge.createdAt / Self.hour
        let ranges = challenge.traits?.ranges
        let values: [(StatisticsDimension, String?)] = [
            (.channel, channel.rawValue), (.provider, provider), (.country, ranges?.country),
            (.prefix, ranges?.prefix), (.application, ranges?.application),
        ]
        for case (let dimension, let value?) in values where !value.isEmpty {
            tally.withLock {
                $0.add(event, .init(workspace: challenge.workspace, hour: hour, dimension: dimension, value: value))
            }
            totals.withLock { $0.add(event, dimension, value) }
        }
    }

    /// Writes what was gathered. What cannot be written is written the next time.
    public func write() async throws(PasscodeError) {
        let hour = clock.now() / Self.hour
        let folded = foldedUntil.withLock { $0 }
        var left = tally.withLock { $0.take(hour: hour) }[...]
        while !left.isEmpty {
            let step = left.prefix(Self.step)
            do throws(PasscodeError) {
                try await database.write(throwing: PasscodeError.self) { transaction in
                    for (key, figures) in step {
                        try StatisticsRow.add(figures, to: key, isFolded: key.hour < folded, in: transaction)
                    }
                }
            } catch {
                tally.withLock { [left] in $0.putBack(left) }
                throw error
            }
            left = left.dropFirst(step.count)
        }
        try await fold(before: hour - 1)
    }

    /// Folds the prefixes of hours that are over: the busiest stay, of the others there is one row.
    private func fold(before hour: Int64) async throws(PasscodeError) {
        let done = foldedUntil.withLock { $0 }
        guard hour > done else { return }
        let crowded = try await database.read(throwing: PasscodeError.self) { transaction in
            try StatisticsRow.crowded(
                from: max(done, hour - 48), before: hour, keeping: Self.keptPrefixes, in: transaction)
        }
        for other in crowded {
            var folded = Self.step
            while folded == Self.step {
                folded = try await database.write(throwing: PasscodeError.self) { transaction in
                    try StatisticsRow.fold(
                        into: other, keeping: Self.keptPrefixes, atMost: Self.step, in: transaction)
                }
            }
        }
        foldedUntil.withLock { $0 = hour }
    }

    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try StatisticsRow.prune(before: now / hour - memory, count: count, in: transaction)
    }
}
