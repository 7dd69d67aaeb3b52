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

    let database: any Database
    let clock: WallClock
    private let tally = Mutex(StatisticsTally())
    /// The hour up to which prefixes were folded.
    private let foldedUntil = Mutex<Int64>(0)
    /// Since this process started, for Prometheus: by channel.
    private let totals = Mutex<[Channel: PasscodeFigures]>([:])

    init(database: any Database, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What happened since this process started, by channel, in the channels' order.
    public var sinceStart: [(Channel, PasscodeFigures)] {
        let totals = totals.withLock { $0 }
        return Channel.allCases.compactMap { channel in totals[channel].map { (channel, $0) } }
    }

    /// Counts an event of a challenge under the hour in which the code was first asked for.
    func note(_ event: StatisticsEvent, of challenge: Challenge, channel: Channel, provider: String?) {
        let hour = challenge.createdAt / Self.hour
        tally.withLock { tally in
            func add(_ dimension: StatisticsDimension, _ value: String?) {
                guard let value, !value.isEmpty else { return }
                tally.add(
                    event, .init(workspace: challenge.workspace, hour: hour, dimension: dimension, value: value))
            }
            add(.channel, channel.rawValue)
            add(.provider, provider)
            add(.country, challenge.traits?.ranges.country)
            add(.prefix, challenge.traits?.ranges.prefix)
            add(.application, challenge.traits?.ranges.application)
        }
        totals.withLock { $0[channel, default: PasscodeFigures()].add(event) }
    }

    /// Writes what was gathered. What cannot be written is written the next time.
    public func write() async throws(PasscodeError) {
        let hour = clock.now() / Self.hour
        let taken = tally.withLock { $0.take(hour: hour) }
        if !taken.isEmpty {
            do throws(PasscodeError) {
                try await database.write(throwing: PasscodeError.self) { transaction in
                    for (key, figures) in taken { try StatisticsRow.add(figures, to: key, in: transaction) }
                }
            } catch {
                tally.withLock { $0.putBack(taken) }
                throw error
            }
        }
        try await fold(before: hour - 1)
    }

    /// Folds the prefixes of hours that are over: the busiest stay, of the others there is one row.
    private func fold(before hour: Int64) async throws(PasscodeError) {
        let done = foldedUntil.withLock { $0 }
        guard hour > done else { return }
        let first = max(done, hour - 48)
        try await database.write(throwing: PasscodeError.self) { transaction in
            try StatisticsRow.fold(from: first, before: hour, keeping: Self.keptPrefixes, in: transaction)
        }
        foldedUntil.withLock { $0 = hour }
    }

    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try StatisticsRow.prune(before: now / hour - memory, count: count, in: transaction)
    }
}
