import Synchronization
import Threads

@testable import Storage

/// The disk under a database: a test holds its synchronizations back, lets them go one by one, and breaks it.
final class TestDisk: Sendable {
    private struct State: Sendable {
        var isHeld = false
        var begun = 0
        /// How many synchronizations may end while the disk is held.
        var allowed = 0
        var isBroken = false
    }

    private let state = Monitor(State())

    /// How many synchronizations have begun.
    var begun: Int { state.withLock { $0.begun } }

    /// From now on synchronizations begin and do not end.
    func hold() { state.update { $0.isHeld = true } }

    /// One more synchronization may end.
    func letOneGo() { state.update { $0.allowed += 1 } }

    func release() { state.update { $0.isHeld = false } }

    func setBroken(_ isBroken: Bool) { state.update { $0.isBroken = isBroken } }

    /// Returns when as many synchronizations have begun as `count`, those from before included.
    func waitForBegun(_ count: Int) async { while begun < count { await Task.yield() } }

    func synchronize(_ log: LogFile) throws(StorageError) {
        state.update { $0.begun += 1 }
        let isBroken = state.wait { state -> Bool? in
            if state.isHeld {
                guard state.allowed > 0 else { return nil }
                state.allowed -= 1
            }
            return state.isBroken
        }
        if isBroken { throw StorageError(.unavailable, reason: "the test broke the disk") }
        try log.synchronize()
    }
}

extension TemporaryDatabase {
    func open(on disk: TestDisk, settings: SQLiteSettings = SQLiteSettings()) throws(StorageError) -> SQLiteDatabase {
        try SQLiteDatabase.open(path: path, migrations: [Self.counters], settings: settings, time: 1_700_000_000) {
            log throws(StorageError) in try disk.synchronize(log)
        }
    }
}

/// What a task came to, for tests that look before it has ended.
final class Outcome<Value: Sendable>: Sendable {
    private let result = Monitor<Result<Value, any Error>?>(nil)
    private let task: Task<Value, any Error>

    init(of work: @escaping @Sendable () async throws -> Value) {
        task = Task { [result] in
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
            result.update { $0 = outcome }
            return try outcome.get()
        }
    }

    var isThere: Bool { result.withLock { $0 != nil } }

    var value: Value { get async throws { try await task.value } }
}
