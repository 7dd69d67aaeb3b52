import Threads

/// The connections that read. Each is lent to one thread at a time.
///
/// A caller who finds none free blocks its thread for a moment, even one of Swift's cooperative pool. That cannot
/// deadlock: a connection is held only while a synchronous closure runs, never across an `await`, so each holder is a
/// thread that is running, and needs no other thread to give its connection back.
final class SQLiteReaders: @unchecked Sendable {
    private struct State {
        var idle: [SQLiteConnection]
        var isClosed = false
    }

    private let count: Int
    private let state: Monitor<State>

    init(path: String, count: Int) throws(StorageError) {
        var idle: [SQLiteConnection] = []
        for _ in 0..<max(1, count) { idle.append(try SQLiteConnection.reader(path: path)) }
        self.count = idle.count
        state = Monitor(State(idle: idle))
    }

    /// Runs `work` on one snapshot. Errors are rethrown as they are.
    func read<Value>(_ work: (any Transaction) throws -> Value) throws -> Value {
        let connection = try borrow()
        defer { giveBack(connection) }
        try connection.control("BEGIN")
        let outcome = connection.runUnit(work)
        // Nothing was written, so there is nothing to commit; this lets the snapshot go.
        try connection.control("ROLLBACK")
        return try outcome.get()
    }

    /// Refuses new reads and returns when the last one has ended and the connections are closed.
    func close() {
        state.update { $0.isClosed = true }
        let all = state.wait { $0.idle.count == count ? $0.idle : nil }
        for connection in all { connection.close() }
    }

    private func borrow() throws(StorageError) -> SQLiteConnection {
        let lent: Result<SQLiteConnection, StorageError> = state.wait { state in
            if state.isClosed { return .failure(.closed) }
            // The one used last has the warmest cache.
            return state.idle.popLast().map { .success($0) }
        }
        return try lent.get()
    }

    private func giveBack(_ connection: SQLiteConnection) {
        state.updateForOne { $0.idle.append(connection) }
    }
}
