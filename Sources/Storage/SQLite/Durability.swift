import Figures
import Synchronization
import Threads

/// Brings written commits to the disk on a thread of its own, and only then answers those who wait for them, in the order
/// of the commits. The writer goes on meanwhile; what it commits during one synchronization shares the next.
///
/// SQLite itself runs with `synchronous=NORMAL`, where a commit writes to the log without waiting for the disk. That
/// keeps the database whole through a power cut and loses the last commits only
/// (https://www.sqlite.org/pragma.html#pragma_synchronous): SQLite still waits for the log before a checkpoint copies
/// from it, for the database file before the log is begun anew, and for the new log's header before its first commit.
/// The last commits are what waits here: nobody has been told of them.
///
/// After a failed synchronization the system may have dropped what it could not write and call the next one a success.
/// So nothing that came after is believed, and everything is refused from then on.
final class Durability: Sendable {
    /// What one synchronization covers.
    private struct Round {
        let units: [any WriteUnit]
        let commit: Int
        let needsDisk: Bool
        /// Whether the writer itself waits for the disk. Then there is nobody to wake.
        let isOnWriter: Bool
    }

    private struct WaitingRead {
        let commit: Int
        let caller: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var units: [any WriteUnit] = []
        var reads: [WaitingRead] = []
        /// The last commit that was handed over, and the last one that a round took.
        var written = 0
        var taken = 0
        /// Whether the log grew since the last round was taken.
        var needsDisk = false
        /// Whether a round was taken and not all of it has been answered, and whether its synchronization is under way.
        var isUnderWay = false
        var isAtDisk = false
        var isClosed = false
        var failure: StorageError?

        var isDue: Bool { !units.isEmpty || written > taken }

        mutating func take(onWriter: Bool) -> Round {
            defer {
                units = []
                needsDisk = false
                taken = written
                isUnderWay = true
                isAtDisk = true
            }
            return Round(units: units, commit: written, needsDisk: needsDisk, isOnWriter: onWriter)
        }

        /// The disk has answered. Returns the reads that waited for it.
        mutating func leaveDisk(_ round: Round, _ failure: StorageError?) -> [WaitingRead] {
            isAtDisk = false
            self.failure = failure
            let isOver = { (read: WaitingRead) in failure != nil || read.commit <= round.commit }
            defer { reads.removeAll(where: isOver) }
            return reads.filter(isOver)
        }
    }

    private let state = Monitor(State())
    /// The number of the last commit that readers may see, and of the last one that is on the disk.
    private let visible = Atomic(0)
    private let durable = Atomic(0)
    private let measured = Mutex(DurationHistogram())
    private let synchronize: @Sendable () throws(StorageError) -> Void

    /// - Parameter synchronize: returns once all that was written into the log before is on the disk.
    init(_ synchronize: @escaping @Sendable () throws(StorageError) -> Void) { self.synchronize = synchronize }

    /// How long it took to bring the log to the disk.
    var synchronizations: DurationHistogram { measured.withLock { $0 } }

    /// Why everything is refused, nil while the disk is to be believed.
    var failure: StorageError? { state.withLock { $0.failure } }

    /// Settles round after round until it is closed. For a thread of its own.
    func run() {
        while let round = nextRound() { settle(round) }
    }

    /// Ends `run`, and returns when everybody has been answered.
    func close() {
        state.update { $0.isClosed = true }
        state.wait { $0.isDue || $0.isUnderWay ? nil : () } as Void
    }

    private func nextRound() -> Round? {
        let round: Round?? = state.wait { state in
            if state.isUnderWay { return nil }
            if state.isDue { return .some(state.take(onWriter: false)) }
            return state.isClosed ? .some(nil) : nil
        }
        return round ?? nil
    }

    private func settle(_ round: Round) {
        let failure = reachDisk(round)
        if failure == nil { durable.store(round.commit, ordering: .sequentiallyConsistent) }
        let reads = change(for: round) { $0.leaveDisk(round, failure) }
        for unit in round.units { if let failure { unit.refuse(failure) } else { unit.answer() } }
        for read in reads { if let failure { read.caller.resume(throwing: failure) } else { read.caller.resume() } }
        change(for: round) { $0.isUnderWay = false }
    }

    private func change<Result>(for round: Round, _ body: (inout State) -> Result) -> Result {
        round.isOnWriter ? state.withLock(body) : state.update(body)
    }

    private func reachDisk(_ round: Round) -> StorageError? {
        if let failure { return failure }
        guard round.needsDisk else { return nil }
        let began = ContinuousClock.now
        do {
            try synchronize()
            measured.withLock { $0.add(.now - began) }
            return nil
        } catch {
            return StorageError(
                .unavailable, reason: "nothing is written or read until the process is started again: \(error.reason)")
        }
    }
}

extension Durability {
    /// Counts a commit. Before it is made: a reader may see it at once.
    func announceCommit() { visible.add(1, ordering: .sequentiallyConsistent) }

    /// Takes over the units that ran before or in the last commit that was announced, and answers them once it is on the
    /// disk with all before it. A unit that failed waits as well: it may rest on a neighbour's change.
    ///
    /// - Parameters:
    ///   - needsDisk: whether the commit wrote anything.
    ///   - isAlone: whether nobody else wants to write now; then the calling thread waits for the disk, which spares the
    ///     caller the way to another thread and back.
    func settle(_ units: [any WriteUnit], needsDisk: Bool, isAlone: Bool) {
        let last = visible.load(ordering: .relaxed)
        let round: Round? = state.withLock { state in
            state.units.append(contentsOf: units)
            state.written = last
            if needsDisk { state.needsDisk = true }
            return isAlone && !state.isUnderWay ? state.take(onWriter: true) : nil
        }
        guard let round else { return state.update { _ in } }
        settle(round)
    }

    /// Returns when what is visible now is on the disk.
    ///
    /// Throws `StorageError` with code `unavailable` where that will never be.
    func waitForVisible() async throws {
        let commit = visible.load(ordering: .sequentiallyConsistent)
        guard durable.load(ordering: .sequentiallyConsistent) < commit else { return }
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Void, any Error>) in
            let outcome: Result<Void, any Error>? = state.withLock { state in
                if let failure = state.failure { return .failure(failure) }
                if durable.load(ordering: .sequentiallyConsistent) >= commit { return .success(()) }
                state.reads.append(WaitingRead(commit: commit, caller: caller))
                return nil
            }
            if let outcome { caller.resume(with: outcome) }
        }
    }

    /// Returns when every commit that was handed over is on its way to the disk, and fewer than `limit` units wait for
    /// the next round. So the writer is one commit ahead and no more: the next one gathers units for as long as the disk
    /// takes.
    func waitForTurn(limit: Int) {
        state.wait { state in
            state.isAtDisk && (state.written > state.taken || state.units.count >= limit) ? nil : ()
        } as Void
    }
}
