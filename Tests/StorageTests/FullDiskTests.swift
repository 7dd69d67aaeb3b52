import Testing

@testable import Storage

@Suite("A full disk")
struct FullDiskTests {
    let place: TemporaryDatabase
    private static let unavailable = StorageError(.unavailable, reason: "")

    init() throws { place = try TemporaryDatabase() }

    private func smallDatabase() throws -> SQLiteDatabase {
        var settings = SQLiteSettings()
        settings.largestFile = 256 * 1_024
        return try place.open(settings: settings)
    }

    @Sendable private static func fill(_ transaction: any Transaction) throws {
        try transaction.execute(
            "INSERT INTO note (id, body) VALUES (1, $1)", [.bytes(Array(repeating: 1, count: 512 * 1_024))])
    }

    @Test("refuses the write as unavailable; reads and what was written before stay")
    func refuses() async throws {
        let database = try smallDatabase()
        try await database.write { try $0.addCounter("before") }
        await #expect(throws: Self.unavailable) { try await database.write(Self.fill) }
        #expect(try await database.read { try $0.counters() } == ["before"])
        try await database.write { try $0.addCounter("after") }
        #expect(try await database.read { try $0.counters() } == ["after", "before"])
    }

    @Test("never acknowledges a neighbour whose changes went with the failed write, and loses none that it did")
    func neighbours() async throws {
        let database = try smallDatabase()
        let answers = await database.writeTogether(
            { try $0.addCounter("a") },
            { try Self.fill($0) },
            { try $0.addCounter("b") }
        )
        #expect(throws: Self.unavailable) { try answers[1].get() }
        // The operator's log has the cause, not what followed from it.
        let lost = try #require(throws: StorageError.self) { try answers[0].get() }
        #expect(lost.reason.contains("database or disk is full"))
        let acknowledged = zip(["a", "full", "b"], answers).filter { (try? $0.1.get()) != nil }.map(\.0)
        #expect(try await database.read { try $0.counters() } == acknowledged)
        #expect(acknowledged.contains("b"))
    }

    @Test("that a closure ignores does not let the rest of its unit commit")
    func ignored() async throws {
        let database = try smallDatabase()
        let answers = await database.writeTogether(
            { try $0.addCounter("a") },
            { transaction in
                try? Self.fill(transaction)
                try? transaction.addCounter("half")
            }
        )
        #expect(throws: Self.unavailable) { try answers[1].get() }
        #expect(try await database.read { try $0.counters() }.contains("half") == false)
    }
}
