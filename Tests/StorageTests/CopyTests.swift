import Foundation
import Testing

@testable import Storage

@Suite struct CopyTests {
    let files: TemporaryDatabase
    private var copy: String { files.folder + "/co'py.db" }

    init() throws { files = try TemporaryDatabase() }

    private func counters(in path: String) async throws -> [String] {
        let database = try ReadOnlySQLiteDatabase(path: path)
        let found = try await database.read { try $0.counters() }
        await database.close()
        return found
    }

    @Test("a copy has every commit from before it, and is its owner's alone, while the database is being written")
    func whileWriting() async throws {
        let database = try files.open()
        for number in 0..<50 { try await database.write { try $0.addCounter("before-\(number)") } }
        async let writes: Void = {
            for number in 0..<50 { try await database.write { try $0.addCounter("during-\(number)") } }
        }()
        try DatabaseCopy.make(of: files.path, at: copy)
        try await writes
        await database.close()
        let found = try await counters(in: copy)
        #expect(found.count(where: { $0.hasPrefix("before-") }) == 50)
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a copy never replaces a file")
    func existing() async throws {
        try await files.open().close()
        try Data("mine".utf8).write(to: URL(filePath: copy))
        #expect(throws: StorageError(.unavailable, reason: "")) { try DatabaseCopy.make(of: files.path, at: copy) }
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data("mine".utf8))
    }

    @Test("what is restored is what was copied, and what was there is kept")
    func restore() async throws {
        var database = try files.open()
        try await database.write { try $0.addCounter("old") }
        try DatabaseCopy.make(of: files.path, at: copy)
        try await database.write { try $0.addCounter("new") }
        await database.close()
        let kept = try #require(try DatabaseRestore.restore(copy, to: files.path, time: 17))
        #expect(try await counters(in: kept) == ["new", "old"])
        database = try files.open()
        #expect(try await database.read { try $0.counters() } == ["old"])
        await database.close()
    }

    @Test("a write-ahead log that was left behind does not get into what is restored")
    func leftBehind() async throws {
        let database = try files.open()
        try await database.write { try $0.addCounter("old") }
        try DatabaseCopy.make(of: files.path, at: copy)
        try await database.write { try $0.addCounter("new") }
        let log = try Data(contentsOf: URL(filePath: files.path + "-wal"))
        await database.close()
        try FileManager.default.removeItem(atPath: files.path)
        try log.write(to: URL(filePath: files.path + "-wal"))
        #expect(try DatabaseRestore.restore(copy, to: files.path, time: 17) == nil)
        #expect(try await counters(in: files.path) == ["old"])
    }

    @Test("a database in use is not replaced")
    func inUse() async throws {
        let database = try files.open()
        try DatabaseCopy.make(of: files.path, at: copy)
        #expect(throws: StorageError(.unavailable, reason: "")) {
            try DatabaseRestore.restore(copy, to: files.path, time: 17)
        }
        try await database.write { try $0.addCounter("still mine") }
        await database.close()
    }

    @Test("a damaged copy replaces nothing")
    func damaged() async throws {
        let database = try files.open()
        try await database.write { for number in 0..<500 { try $0.addCounter("counter-\(number)") } }
        try DatabaseCopy.make(of: files.path, at: copy)
        await database.close()
        let file = try FileHandle(forWritingTo: URL(filePath: copy))
        try file.seek(toOffset: 4096 * 2)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4096 * 3))
        try file.close()
        #expect(throws: StorageError.self) { try DatabaseRestore.restore(copy, to: files.path, time: 17) }
        #expect(try await counters(in: files.path).count == 500)
    }

    @Test("what is opened for reading cannot be written")
    func readOnly() async throws {
        try await files.open().close()
        let database = try ReadOnlySQLiteDatabase(path: files.path)
        await #expect(throws: StorageError(.unavailable, reason: "")) {
            try await database.write { try $0.addCounter("x") }
        }
        await database.close()
    }
}
