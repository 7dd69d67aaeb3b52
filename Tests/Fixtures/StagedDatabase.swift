import Storage
import Synchronization

/// A database in which something happens at the worst moment: before a unit of work, or between two statements of one.
public final class StagedDatabase: Database {
    public typealias Scene = @Sendable (any Transaction) throws -> Void

    private struct Stage {
        var beforeUnits: (@Sendable () throws -> Void)?
        var disk: Gate?
        var scenes: [(statement: String, play: Scene)] = []
        var units = 0
        var failsCommits = false
        var losesAnswers = false
        var failsReads = false
    }

    private let base: any Database
    private let stage = Mutex(Stage())

    public init(_ base: any Database) { self.base = base }

    /// Units of work that wrote, or might have.
    public var units: Int { stage.withLock { $0.units } }

    /// Called before each unit of work that writes; an error is the unit's.
    public func beforeUnits(_ act: (@Sendable () throws -> Void)?) { stage.withLock { $0.beforeUnits = act } }

    /// Keeps each unit of work waiting at a gate, as a disk does that hangs.
    public func hang(at gate: Gate) { stage.withLock { $0.disk = gate } }

    /// Lets each unit of work do all that it does, and then fail, as for a disk that takes nothing more.
    public func failCommits(_ fails: Bool) { stage.withLock { $0.failsCommits = fails } }

    /// Commits each unit of work, and says that it failed, as for a connection that is lost at that moment.
    public func loseAnswers(_ loses: Bool) { stage.withLock { $0.losesAnswers = loses } }

    /// Lets each unit of work that only reads fail.
    public func failReads(_ fails: Bool) { stage.withLock { $0.failsReads = fails } }

    /// Lets this many units through; those after them fail, as for a server that ends.
    public func endAfter(units count: Int) {
        let left = Countdown(count)
        beforeUnits { if !left.takes() { throw StorageError(.unavailable, reason: "the server ended") } }
    }

    /// Plays a scene in the same unit of work, once, before the first statement that begins so.
    public func before(_ statement: String, _ play: @escaping Scene) {
        stage.withLock { $0.scenes.append((statement, play)) }
    }

    public func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        let (act, disk, failsCommit, losesAnswer) = stage.withLock { stage in
            stage.units += 1
            return (stage.beforeUnits, stage.disk, stage.failsCommits, stage.losesAnswers)
        }
        try act?()
        await disk?.pass()
        let value = try await base.write {
            let value = try work(StagedTransaction(base: $0, scene: self.scene))
            if failsCommit { throw StorageError(.unavailable, reason: "the disk is full") }
            return value
        }
        if losesAnswer { throw StorageError(.unavailable, reason: "the connection is lost") }
        return value
    }

    public func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value {
        guard !stage.withLock({ $0.failsReads }) else { throw StorageError(.unavailable, reason: "the disk is gone") }
        return try await base.read(work)
    }

    public func forgetDeleted() async throws { try await base.forgetDeleted() }

    public var hasOneOwner: Bool { base.hasOneOwner }

    public func close() async { await base.close() }

    private func scene(for statement: String) -> Scene? {
        stage.withLock { stage in
            guard let index = stage.scenes.firstIndex(where: { statement.hasPrefix($0.statement) }) else { return nil }
            return stage.scenes.remove(at: index).play
        }
    }
}

private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func takes() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }
}

private struct StagedTransaction: Transaction {
    let base: any Transaction
    let scene: (String) -> StagedDatabase.Scene?

    func execute(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Int {
        try play(before: sql)
        return try base.execute(sql, values)
    }

    func rows(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> [Row] {
        try play(before: sql)
        return try base.rows(sql, values)
    }

    func forEachRow(
        _ sql: StaticString, _ values: [SQLValue], _ body: (any LentRow) throws(StorageError) -> Void
    ) throws(StorageError) {
        try play(before: sql)
        try base.forEachRow(sql, values, body)
    }

    func row(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Row? {
        try play(before: sql)
        return try base.row(sql, values)
    }

    private func play(before sql: StaticString) throws(StorageError) {
        do { try scene("\(sql)")?(base) } catch { throw StorageError(.unavailable, reason: "\(error)") }
    }
}
