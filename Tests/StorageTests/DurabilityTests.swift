import Testing

@testable import Storage

@Suite("The disk", .timeLimit(.minutes(1)))
struct DurabilityTests {
    let place: TemporaryDatabase
    let disk = TestDisk()
    private static let unavailable = StorageError(.unavailable, reason: "")

    init() throws { place = try TemporaryDatabase() }

    /// Three writes that share a commit, which is enough company for the writer not to wait for the disk itself.
    private func writeThree(_ name: String, in database: SQLiteDatabase) -> Outcome<[Bool]> {
        Outcome {
            await database.writeTogether((0..<3).map { number in { try $0.addCounter("\(name)\(number)") } })
                .map { (try? $0.get()) != nil }
        }
    }

    /// Gives whoever could be answered too early the time to be.
    private func letOthersRun() async { for _ in 0..<1_000 { await Task.yield() } }

    @Test("is waited for before an answer, while the writer goes on; each commit needs a synchronization from after it")
    func answersAfterSynchronization() async throws {
        let database = try place.open(on: disk)
        disk.hold()
        let first = writeThree("a", in: database)
        await disk.waitForBegun(1)
        let second = writeThree("b", in: database)
        while database.commits < 2 { await Task.yield() }
        await letOthersRun()
        #expect(!first.isThere && !second.isThere)

        disk.letOneGo()
        #expect(try await first.value == [true, true, true])
        await disk.waitForBegun(2)
        await letOthersRun()
        #expect(!second.isThere)

        disk.letOneGo()
        #expect(try await second.value == [true, true, true])
        #expect(disk.begun == 2)
    }

    @Test("is waited for once by all that was committed meanwhile")
    func sharedSynchronization() async throws {
        let database = try place.open(on: disk)
        disk.hold()
        let first = writeThree("a", in: database)
        await disk.waitForBegun(1)
        let others = ["b", "c", "d"].map { writeThree($0, in: database) }
        while database.commits < 2 { await Task.yield() }
        disk.release()
        for outcome in others + [first] { #expect(try await outcome.value == [true, true, true]) }
        #expect(disk.begun < 4)
        #expect(try await database.read { try $0.counters().count } == 12)
    }

    @Test("is waited for by a read that saw what is not on it yet")
    func reads() async throws {
        let database = try place.open(on: disk)
        disk.hold()
        let writing = writeThree("a", in: database)
        await disk.waitForBegun(1)
        let reading = Outcome { try await database.read { try $0.counters() } }
        let failing = Outcome { try await database.read { _ in throw Refused() } }
        await letOthersRun()
        #expect(!reading.isThere && !failing.isThere)
        disk.release()
        #expect(try await reading.value == ["a0", "a1", "a2"])
        await #expect(throws: Refused()) { try await failing.value }
        _ = try await writing.value
    }

    @Test("is waited for by a write that failed because of a neighbour's change that is not on it yet")
    func failures() async throws {
        let database = try place.open(on: disk)
        disk.hold()
        let writing = writeThree("a", in: database)
        await disk.waitForBegun(1)
        let refused = Outcome { try await database.write { try $0.addCounter("a0") } }
        while database.waitingWrites > 0 { await Task.yield() }
        await letOthersRun()
        #expect(!refused.isThere)
        disk.setBroken(true)
        disk.release()
        await #expect(throws: Self.unavailable) { try await refused.value }
        #expect(try await writing.value == [false, false, false])
    }

    @Test("that failed once is not believed again before the next start")
    func broken() async throws {
        let database = try place.open(on: disk)
        try await database.write { try $0.addCounter("before") }
        disk.hold()
        let first = writeThree("a", in: database)
        await disk.waitForBegun(2)
        let second = writeThree("b", in: database)
        let reading = Outcome { try await database.read { try $0.counters() } }
        while database.commits < 3 { await Task.yield() }
        disk.setBroken(true)
        disk.release()
        #expect(try await first.value == [false, false, false])
        #expect(try await second.value == [false, false, false])
        await #expect(throws: Self.unavailable) { try await reading.value }

        disk.setBroken(false)
        let error = try await #require(throws: StorageError.self) {
            try await database.write { try $0.addCounter("after") }
        }
        #expect(error.code == .unavailable)
        #expect(error.reason.contains("until the process is started again"))
        #expect(error.reason.contains("the test broke the disk"))
        await #expect(throws: Self.unavailable) { try await database.read { try $0.counters() } }
        #expect(disk.begun == 2)
        await database.close()

        let reopened = try place.open()
        let present = try await reopened.read { try $0.counters() }
        #expect(present.contains("before"))
        #expect(!present.contains("after"))
        try await reopened.write { try $0.addCounter("again") }
    }

    @Test("is waited for by closing")
    func closing() async throws {
        let database = try place.open(on: disk)
        disk.hold()
        let writing = writeThree("a", in: database)
        await disk.waitForBegun(1)
        let closing = Outcome { await database.close() }
        while !database.isClosing { await Task.yield() }
        await letOthersRun()
        #expect(!closing.isThere && !writing.isThere)
        disk.release()
        #expect(try await writing.value == [true, true, true])
        try await closing.value
    }

    @Test("is waited for at every write of a client that is alone, and never for what changed nothing")
    func alone() async throws {
        let database = try place.open(on: disk)
        for number in 0..<10 { try await database.write { try $0.addCounter("\(number)") } }
        #expect(disk.begun == 10)
        for _ in 0..<10 {
            _ = try await database.write { try $0.execute("UPDATE counter SET value = 1 WHERE name = 'none'", []) }
            _ = try await database.read { try $0.counters() }
            _ = try? await database.write { try $0.addCounter("1") }
        }
        #expect(disk.begun == 10)
    }

    @Test("takes 10,000 writes of many tasks once each, through checkpoints, copies and new logs")
    func many() async throws {
        var settings = SQLiteSettings()
        settings.checkpointPages = 10
        let database = try place.open(on: disk, settings: settings)
        try await database.write { try $0.addCounter("sum") }
        let answers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<10_000 {
                group.addTask {
                    try await database.write { transaction in
                        try transaction.row("UPDATE counter SET value = value + 1 RETURNING value", [])?.integer(0)
                            ?? -1
                    }
                }
            }
            for number in 0..<5 {
                let copy = place.folder + "/copy\(number).db"
                try DatabaseCopy.make(of: place.path, at: copy)
                try DatabaseCopy.check(copy)
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == Array(1...10_000))
        await database.close()
        try DatabaseCopy.check(place.path)
        let reopened = try place.open()
        #expect(try await reopened.read { try $0.value(of: "sum") } == 10_000)
    }
}
