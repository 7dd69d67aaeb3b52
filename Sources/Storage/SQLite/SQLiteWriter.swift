import CSQLite
import Glibc
import Synchronization

/// The only writer. On its own thread it runs the waiting units as savepoints of one transaction, commits once, and hands
/// them to `Durability`, which answers them when the commit is on the disk: meanwhile the next ones run.
///
/// Once its thread runs, only that touches it; `commits` and `writes` apart.
final class SQLiteWriter: @unchecked Sendable {
    /// How many commits were made.
    let commits = Atomic(0)
    /// How many units these had.
    let writes = Atomic(0)
    private let connection: SQLiteConnection
    private let queue: WriteQueue
    private let durability: Durability
    private let settings: SQLiteSettings
    private let log: WriteAheadLog
    /// How many writes the last commit had.
    private var company = 0

    init(connection: SQLiteConnection, queue: WriteQueue, durability: Durability, settings: SQLiteSettings) {
        self.connection = connection
        self.queue = queue
        self.durability = durability
        self.settings = settings
        log = WriteAheadLog(of: connection, settings: settings)
    }

    /// Commits unit after unit until the queue is closed and empty.
    func run() {
        while let first = queue.waitForNext() {
            gather()
            durability.waitForTurn(limit: settings.writesPerCommit)
            if let failure = durability.failure {
                refuseAll(failure, first)
            } else if first.emptiesLog {
                emptyLog(for: first)
            } else {
                commit(startingWith: first)
                log.checkpointIfLong()
            }
        }
    }

    /// Answers once the disk, too, has the log at its new length.
    private func emptyLog(for unit: any WriteUnit) {
        guard log.empty() else {
            return unit.refuse(StorageError(.unavailable, reason: "the write-ahead log is in use or cannot be emptied"))
        }
        durability.settle([unit], needsDisk: true, isAlone: true)
    }

    /// Ends the connection, after `run` has returned.
    func close() {
        // What the disk did not take must not be copied out of the log.
        if durability.failure != nil { connection.keepLogAtClose() }
        connection.close()
    }

    /// Lets more writes arrive where the last commit had several, while that is on its way to the disk. Sleeping rather
    /// than waiting on the queue spares each of those writers a wake-up.
    private func gather() {
        guard company >= Self.crowd else { return }
        let (seconds, attoseconds) = settings.gathering.components
        var pause = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&pause, nil)
    }

    /// From so many writes in one commit on, the next one does not wait for the disk but for company.
    private static let crowd = 3

    private func commit(startingWith first: any WriteUnit) {
        do { try connection.control("BEGIN IMMEDIATE") } catch { return refuseAll(error, first) }
        guard runFirst(first) else { return }
        var batch = [first]
        let end = ContinuousClock.now + settings.commitInterval
        while batch.count < settings.writesPerCommit, ContinuousClock.now < end, let unit = queue.nextWrite() {
            batch.append(unit)
            do { try runNext(unit) } catch { return giveUp(batch, error) }
        }
        durability.announceCommit()
        do { try connection.control("COMMIT") } catch { return giveUp(batch, error) }
        commits.add(1, ordering: .relaxed)
        writes.add(batch.count, ordering: .relaxed)
        company = batch.count
        durability.settle(batch, needsDisk: log.takeGrowth(), isAlone: company < Self.crowd)
    }

    /// The first unit needs no savepoint: before it there is nothing to keep. Returns false if the transaction has
    /// ended with it.
    private func runFirst(_ unit: any WriteUnit) -> Bool {
        guard unit.run(on: connection) != nil else { return true }
        rollBack()
        durability.settle([unit], needsDisk: false, isAlone: true)
        return false
    }

    private func runNext(_ unit: any WriteUnit) throws(StorageError) {
        try connection.control("SAVEPOINT unit")
        let failure = unit.run(on: connection)
        // A full disk or an I/O error may have rolled back all of it, the units before this one included.
        guard connection.isInTransaction else { throw failure as? StorageError ?? .lostTransaction }
        if failure != nil { try connection.control("ROLLBACK TO unit") }
        try connection.control("RELEASE unit")
    }

    /// Nobody is told a success that is not on the disk, nor a failure that may rest on a neighbour's lost change.
    private func giveUp(_ batch: [any WriteUnit], _ error: StorageError) {
        rollBack()
        let answer = StorageError(.unavailable, reason: "the commit failed: \(error.reason)")
        for unit in batch { unit.refuse(answer) }
        durability.settle([], needsDisk: false, isAlone: true)
    }

    /// Without a transaction nothing that waits can be served; each of them waiting for its own failure would only
    /// make the queue longer.
    private func refuseAll(_ error: StorageError, _ first: any WriteUnit) {
        rollBack()
        let answer = StorageError(.unavailable, reason: "no transaction can begin: \(error.reason)")
        first.refuse(answer)
        while let unit = queue.nextWrite() { unit.refuse(answer) }
    }

    /// If this fails the next BEGIN does too, and the writer refuses all it is given.
    private func rollBack() {
        if connection.isInTransaction { _ = try? connection.control("ROLLBACK") }
    }
}
