/// A write that waits for the writer: its work, and the caller to answer after the commit.
protocol WriteUnit: Sendable {
    /// Whether it is no write, but asks the writer to empty the log, which it can only between two commits.
    var emptiesLog: Bool { get }

    /// Runs the work and keeps its outcome. Returns the error for which its changes have to be undone.
    func run(on connection: SQLiteConnection) -> (any Error)?

    /// Gives the caller the outcome: the commit is on the disk.
    func answer()

    /// Gives the caller `error` instead: nothing was changed.
    func refuse(_ error: StorageError)
}

/// The unit of a caller who waits in `SQLiteDatabase.write`. One thread at a time touches it after it was
/// queued: the writer's, then the one that answers.
final class WaitingWrite<Value: Sendable>: WriteUnit, @unchecked Sendable {
    let emptiesLog = false
    private let work: @Sendable (any Transaction) throws -> Value
    private let caller: CheckedContinuation<Value, any Error>
    private var outcome: Result<Value, any Error> = .failure(StorageError.closed)

    init(
        _ work: @escaping @Sendable (any Transaction) throws -> Value,
        caller: CheckedContinuation<Value, any Error>
    ) {
        self.work = work
        self.caller = caller
    }

    func run(on connection: SQLiteConnection) -> (any Error)? {
        outcome = connection.runUnit(work)
        if case .failure(let error) = outcome { return error }
        return nil
    }

    func answer() { caller.resume(with: outcome) }

    func refuse(_ error: StorageError) { caller.resume(throwing: error) }
}

/// The unit of a caller who waits in `SQLiteDatabase.forgetDeleted`.
final class WaitingEmptying: WriteUnit {
    let emptiesLog = true
    private let caller: CheckedContinuation<Void, any Error>

    init(caller: CheckedContinuation<Void, any Error>) { self.caller = caller }

    func run(on connection: SQLiteConnection) -> (any Error)? { nil }

    func answer() { caller.resume() }

    func refuse(_ error: StorageError) { caller.resume(throwing: error) }
}
