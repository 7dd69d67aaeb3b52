import Foundation
import Testing

@testable import Storage

@Suite("What was deleted")
struct ForgettingTests {
    private static let secret = Array("a salt that nobody may find again".utf8)
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    private var isInFiles: Bool {
        get throws {
            try ["", "-wal"].contains { suffix in
                try Data(contentsOf: URL(fileURLWithPath: place.path + suffix)).range(of: Data(Self.secret)) != nil
            }
        }
    }

    private func deleteSecret(in database: SQLiteDatabase) async throws {
        _ = try await database.write {
            try $0.execute("INSERT INTO note (id, body) VALUES (1, $1)", [.bytes(Self.secret)])
        }
        _ = try await database.write { try $0.execute("UPDATE note SET body = NULL WHERE id = 1", []) }
        #expect(try isInFiles)
    }

    @Test("is in no file any more once it is forgotten, and writes go on")
    func forgotten() async throws {
        let database = try place.open()
        try await deleteSecret(in: database)
        try await database.forgetDeleted()
        #expect(try !isInFiles)
        try await database.write { try $0.addCounter("after") }
        #expect(try await database.read { try $0.counters() } == ["after"])
        await database.close()
        let again = try place.open()
        #expect(try await again.read { try $0.counters() } == ["after"])
    }

    @Test("is not called forgotten while somebody reads an older state")
    func readers() async throws {
        var settings = SQLiteSettings()
        settings.readerWait = .zero
        let database = try place.open(settings: settings)
        try await database.write { try $0.addCounter("before") }
        let reader = try SQLiteConnection.reader(path: place.path)
        try reader.control("BEGIN")
        #expect(try reader.runUnit { try $0.counters() }.get() == ["before"])
        try await deleteSecret(in: database)
        await #expect(throws: StorageError(.unavailable, reason: "")) { try await database.forgetDeleted() }
        try await database.write { try $0.addCounter("meanwhile") }
        try reader.control("ROLLBACK")
        try await database.forgetDeleted()
        #expect(try !isInFiles)
    }

    @Test("is forgotten for all who ask at the same time as others write")
    func together() async throws {
        let database = try place.open()
        try await deleteSecret(in: database)
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask { try await database.write { try $0.addCounter("counter \(number)") } }
                group.addTask {
                    try await database.forgetDeleted()
                    #expect(try !isInFiles)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try $0.counters() }.count == 40)
    }

    @Test("cannot be forgotten by a database that is closed")
    func closed() async throws {
        let database = try place.open()
        await database.close()
        await #expect(throws: StorageError(.unavailable, reason: "")) { try await database.forgetDeleted() }
    }
}
