import Glibc
import Testing
import Threads

@testable import Storage

@Suite("A read")
struct ReadTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    @Test("sees every write that was acknowledged before it, however many callers write and read at once")
    func seesAcknowledged() async throws {
        let database = try place.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await database.write { try $0.addCounter("\(number)", Int64(number)) }
                    #expect(try await database.read { try $0.value(of: "\(number)") } == Int64(number))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("does not wait for a write under way, nor sees it")
    func besideWrites() async throws {
        let database = try place.open()
        let gate = Gate()
        let writing = Task {
            try await database.write { transaction in
                try transaction.addCounter("a")
                gate.pass()
            }
        }
        await gate.waitForArrival()
        #expect(try await database.read { try $0.counters() } == [])
        gate.open()
        try await writing.value
        #expect(try await database.read { try $0.counters() } == ["a"])
    }

    @Test("sees one moment, even when a write commits while it runs")
    func oneMoment() async throws {
        let database = try place.open()
        try await database.write { try $0.addCounter("a", 1) }
        let gate = Gate()
        let holder = database.hold(at: gate)
        await gate.waitForArrival()
        let writing = Task { try await database.write { try $0.execute("UPDATE counter SET value = 2", []) } }
        while database.waitingWrites < 1 { await Task.yield() }

        let seen = try await database.read { transaction in
            let before = try transaction.value(of: "a")
            gate.open()
            while database.commits < 2 { sched_yield() }
            return [before, try transaction.value(of: "a")]
        }
        #expect(seen == [1, 1])
        #expect(try await writing.value == 1)
        #expect(try await database.read { try $0.value(of: "a") } == 2)
        await holder.value
    }

    @Test(
        "cannot write",
        arguments: ["UPDATE counter SET value = 7", "DELETE FROM counter RETURNING 1", "COMMIT"] as [TestStatement])
    func cannotWrite(statement: TestStatement) async throws {
        let database = try place.open()
        try await database.write { try $0.addCounter("a", 1) }
        await #expect(throws: StorageError(.invalidStatement, reason: "")) {
            try await database.read { try $0.rows(statement.sql, []) }
        }
        #expect(try await database.read { try $0.value(of: "a") } == 1)
    }

    @Test("rethrows its closure's error, and its connection serves the next one")
    func errors() async throws {
        var settings = SQLiteSettings()
        settings.readers = 1
        let database = try place.open(settings: settings)
        for _ in 0..<10 {
            await #expect(throws: Refused(reason: "this one")) {
                try await database.read { _ in throw Refused(reason: "this one") }
            }
        }
        #expect(try await database.read { try $0.counters() } == [])
    }

    @Test("waits for a free connection, so that more callers than connections are all served")
    func moreCallersThanConnections() async throws {
        var settings = SQLiteSettings()
        settings.readers = 1
        let database = try place.open(settings: settings)
        try await database.write { try $0.addCounter("a", 9) }
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<200 { group.addTask { try await database.read { try $0.value(of: "a") } ?? 0 } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 1_800)
    }

    @Test("that is under way ends before its connection is closed")
    func closing() async throws {
        let database = try place.open()
        try await database.write { try $0.addCounter("a", 9) }
        let readers = try SQLiteReaders(path: place.path, count: 2)
        let gate = Gate()
        let events = Monitor<[String]>([])
        _ = DetachedThread.start("test") {
            let value = try? readers.read { transaction in
                gate.pass()
                return try transaction.value(of: "a")
            }
            events.withLock { $0.append("read \(value.flatMap(\.self) ?? 0)") }
        }
        await gate.waitForArrival()
        _ = DetachedThread.start("test") {
            readers.close()
            events.withLock { $0.append("closed") }
        }
        while (try? readers.read({ _ in })) != nil { await Task.yield() }
        #expect(events.withLock { $0 } == [])
        gate.open()
        while events.withLock({ $0.count }) < 2 { await Task.yield() }
        #expect(events.withLock { Set($0) } == ["read 9", "closed"])
        await database.close()
    }
}
