import Foundation
import Testing
import Threads

@testable import Storage

@Suite("A database file")
struct FileTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    private func mode(_ suffix: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: place.path + suffix)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("belongs to one opener; a second one is told who has it and what to do")
    func oneOwner() async throws {
        let database = try place.open()
        let error = try #require(await place.refusal())
        #expect(error.code == .unavailable)
        #expect(error.reason.contains("is in use by process \(getpid()): stop it first"))
        try await database.write { try $0.addCounter("still served") }
        await database.close()
        #expect(await place.refusal() == nil)
    }

    @Test("is not opened by a second name, in whatever folder: its lock and its log go by the first")
    func secondName() async throws {
        let other = place.folder + "/other"
        let files = FileManager.default
        try files.createDirectory(atPath: other, withIntermediateDirectories: false)
        func refusal(_ path: String) -> String? {
            do {
                _ = try SQLiteDatabase.open(path: path, migrations: [TemporaryDatabase.counters])
                return nil
            } catch { return error.reason }
        }
        try files.createSymbolicLink(atPath: other + "/symbolic.db", withDestinationPath: place.path)
        #expect(refusal(other + "/symbolic.db")?.contains("is a symbolic link") == true, "no file there yet")
        #expect(!files.fileExists(atPath: place.path), "nothing was made through the link")
        let database = try place.open()
        #expect(refusal(other + "/symbolic.db")?.contains("is a symbolic link") == true)
        try files.linkItem(atPath: place.path, toPath: other + "/hard.db")
        #expect(refusal(other + "/hard.db")?.contains("has another name") == true)
        try await database.write { try $0.addCounter("still served") }
        await database.close()
        #expect(await place.refusal()?.reason.contains("has another name") == true)
        try files.removeItem(atPath: other + "/hard.db")
        #expect(await place.refusal() == nil)
        // A folder by another name has the same files: the lock is the same one, too.
        try files.createSymbolicLink(atPath: place.folder + "/elsewhere", withDestinationPath: ".")
        let again = try place.open()
        #expect(refusal(place.folder + "/elsewhere/test.db")?.contains("is in use by") == true)
        await again.close()
    }

    @Test("is readable by its owner only, and so are the files beside it")
    func modes() async throws {
        let database = try place.open()
        try await database.write { try $0.addCounter("a") }
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(suffix) == 0o600, "\(suffix)") }
    }

    @Test("that others can read is made private")
    func tightened() async throws {
        try await place.open().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place.path)
        let database = try place.open()
        try await database.write { try $0.addCounter("a") }
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(suffix) == 0o600, "\(suffix)") }
    }

    @Test("that cannot be opened is refused with the cause")
    func cannotOpen() throws {
        let missing = try #require(throws: StorageError.self) {
            try SQLiteDatabase.open(path: place.folder + "/missing/test.db", migrations: [])
        }
        #expect(missing.code == .unavailable)
        #expect(missing.reason.contains("No such file or directory"))
        let folderPath = place.folder + "/folder"
        try FileManager.default.createDirectory(atPath: folderPath, withIntermediateDirectories: false)
        let folder = try #require(throws: StorageError.self) {
            try SQLiteDatabase.open(path: folderPath, migrations: [])
        }
        #expect(folder.reason.contains("Is a directory"))
        for path in ["", ":memory:", "file:test.db"] {
            #expect(throws: StorageError(.invalidDatabase, reason: "")) {
                try SQLiteDatabase.open(path: path, migrations: [])
            }
        }
    }

    @Test("leaves waiting for the disk to us, checks foreign keys and overwrites what is deleted")
    func pragmas() async throws {
        try await place.open().close()
        let connection = try SQLiteConnection.writer(path: place.path, settings: SQLiteSettings())
        #expect(try connection.control("PRAGMA journal_mode").map(\.columns) == [[.text("wal")]])
        #expect(try connection.control("PRAGMA synchronous").map(\.columns) == [[.integer(1)]])
        #expect(try connection.control("PRAGMA foreign_keys").map(\.columns) == [[.integer(1)]])
        #expect(try connection.control("PRAGMA secure_delete").map(\.columns) == [[.integer(1)]])
        #expect(try connection.control("PRAGMA trusted_schema").map(\.columns) == [[.integer(0)]])
    }

    @Test("grows no long log, even while readers never pause")
    func boundedLog() async throws {
        var settings = SQLiteSettings()
        settings.checkpointPages = 20
        let database = try place.open(settings: settings)
        try await database.write { try $0.addCounter("a") }
        let isDone = Monitor(false)
        let readers = try SQLiteReaders(path: place.path, count: 2)
        for _ in 0..<2 {
            _ = DetachedThread.start("test") {
                while !isDone.withLock({ $0 }) {
                    try? readers.read {
                        _ = try $0.value(of: "a"); usleep(500)
                    }
                }
            }
        }
        for _ in 0..<1_000 {
            _ = try await database.write { try $0.execute("UPDATE counter SET value = value + 1", []) }
        }
        let log = try FileManager.default.attributesOfItem(atPath: place.path + "-wal")[.size] as? NSNumber
        isDone.withLock { $0 = true }
        readers.close()
        // 1,000 commits of one page or more; at most 4 times the limit, and what a busy moment adds.
        #expect(try #require(log).intValue < 400 * 4_120)
        #expect(try await database.read { try $0.value(of: "a") } == 1_000)
    }
}
