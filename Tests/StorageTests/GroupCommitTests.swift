import Testing
import Threads

@testable import Storage

@Suite("The writer")
struct GroupCommitTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    @Test("lets exactly as many of 1,000 parallel conditional updates through as the condition allows")
    func conditionalUpdates() async throws {
        let database = try place.open()
        try await database.write { try $0.addCounter("tries") }
        let successes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    try await database.write { transaction in
                        try transaction.execute(
                            "UPDATE counter SET value = value + 1 WHERE name = $1 AND value < $2",
                            [.text("tries"), .integer(37)])
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(successes == 37)
        #expect(try await database.read { try $0.value(of: "tries") } == 37)
    }

    @Test("commits the writes that wait together, not one by one")
    func sharesCommits() async throws {
        var settings = SQLiteSettings()
        settings.commitInterval = .seconds(60)
        let database = try place.open(settings: settings)
        _ = await database.writeTogether((0..<100).map { number in { try $0.addCounter("\(number)") } })
        #expect(database.commits == 1)
    }

    @Test("commits no more writes at once than it is told")
    func boundedBatch() async throws {
        var settings = SQLiteSettings()
        settings.writesPerCommit = 10
        settings.commitInterval = .seconds(60)
        let database = try place.open(settings: settings)
        _ = await database.writeTogether((0..<100).map { number in { try $0.addCounter("\(number)") } })
        #expect(database.commits == 10)
        #expect(try await database.read { try $0.counters().count } == 100)
    }

    @Test("answers nobody before the commit")
    func answersAfterCommit() async throws {
        var settings = SQLiteSettings()
        settings.commitInterval = .seconds(60)
        let database = try place.open(settings: settings)
        let start = Gate()
        let middle = Gate()
        let isAnswered = Monitor(false)
        let holder = database.hold(at: start)
        await start.waitForArrival()
        let first = Task {
            try await database.write { try $0.addCounter("first") }
            isAnswered.withLock { $0 = true }
        }
        while database.waitingWrites < 1 { await Task.yield() }
        let second = Task { try await database.write { _ in middle.pass() } }
        while database.waitingWrites < 2 { await Task.yield() }
        start.open()
        await middle.waitForArrival()

        // The first has run; the second holds their common commit back.
        for _ in 0..<1_000 { await Task.yield() }
        #expect(!isAnswered.withLock { $0 })
        #expect(try await database.read { try $0.counters() } == [])

        middle.open()
        try await first.value
        try await second.value
        await holder.value
        #expect(try await database.read { try $0.counters() } == ["first"])
        #expect(database.commits == 1)
    }

    @Test("refuses at once what its queue cannot hold, and serves what it holds", .timeLimit(.minutes(1)))
    func boundedQueue() async throws {
        var settings = SQLiteSettings()
        settings.waitingWrites = 5
        let database = try place.open(settings: settings)
        let answers = await database.writeTogether((0..<5).map { number in { try $0.addCounter("\(number)") } })
        #expect(answers.allSatisfy { (try? $0.get()) != nil })

        let gate = Gate()
        let holder = database.hold(at: gate)
        await gate.waitForArrival()
        let waiting = (0..<5).map { number in
            Task { try await database.write { try $0.addCounter("waiting \(number)") } }
        }
        while database.waitingWrites < 5 { await Task.yield() }
        await #expect(throws: StorageError(.unavailable, reason: "")) {
            try await database.write { try $0.addCounter("one too many") }
        }
        gate.open()
        await holder.value
        for task in waiting { try await task.value }
        #expect(try await database.read { try $0.counters().count } == 10)
    }

    @Test("refuses all that waits while another process has the file locked, and serves again afterwards")
    func lockedByAnother() async throws {
        var settings = SQLiteSettings()
        settings.lockWait = .milliseconds(10)
        let database = try place.open(settings: settings)
        let other = try SQLiteConnection(path: place.path, purpose: .writing)
        try other.run("BEGIN IMMEDIATE")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask {
                    await #expect(throws: StorageError(.unavailable, reason: "")) {
                        try await database.write { try $0.addCounter("\(number)") }
                    }
                }
            }
        }
        try other.run("ROLLBACK")
        try await database.write { try $0.addCounter("again") }
        #expect(try await database.read { try $0.counters() } == ["again"])
    }

    @Test("finishes what waits when it is closed, and refuses what comes after")
    func closing() async throws {
        let database = try place.open()
        let gate = Gate()
        let holder = database.hold(at: gate)
        await gate.waitForArrival()
        let waiting = (0..<20).map { number in Task { try await database.write { try $0.addCounter("\(number)") } } }
        while database.waitingWrites < 20 { await Task.yield() }

        let closing = (0..<3).map { _ in Task { await database.close() } }
        while !database.isClosing { await Task.yield() }
        await #expect(throws: StorageError(.unavailable, reason: "")) {
            try await database.write { try $0.addCounter("too late") }
        }
        gate.open()
        await holder.value
        for task in waiting { try await task.value }
        for task in closing { await task.value }
        await #expect(throws: StorageError(.unavailable, reason: "")) { try await database.read { _ in } }

        let reopened = try place.open()
        #expect(try await reopened.read { try $0.counters().count } == 20)
    }
}
