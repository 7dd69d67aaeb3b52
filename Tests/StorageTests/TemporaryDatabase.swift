import Foundation

@testable import Storage

/// A folder for one test, removed with it, and the database in it.
final class TemporaryDatabase: Sendable {
    let folder: String
    var path: String { folder + "/test.db" }

    static let counters = Migration(
        number: 1, name: "counters",
        sql: """
            CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
            CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, counter TEXT REFERENCES counter (name), body BYTEA);
            CREATE TABLE late (id BIGINT NOT NULL PRIMARY KEY,
                counter TEXT REFERENCES counter (name) DEFERRABLE INITIALLY DEFERRED);
            """)

    init() throws {
        folder = NSTemporaryDirectory() + "/storage-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(
        _ migrations: [Migration] = [counters], settings: SQLiteSettings = SQLiteSettings()
    ) throws(StorageError) -> SQLiteDatabase {
        try SQLiteDatabase.open(path: path, migrations: migrations, settings: settings, time: 1_700_000_000)
    }

    /// The error that opening ends with, nil if it opens.
    func refusal(_ migrations: [Migration] = [counters]) async -> StorageError? {
        do {
            try await open(migrations).close()
            return nil
        } catch {
            return error
        }
    }
}

extension Transaction {
    func addCounter(_ name: String, _ value: Int64 = 0) throws(StorageError) {
        try execute("INSERT INTO counter (name, value) VALUES ($1, $2)", [.text(name), .integer(value)])
    }

    func counters() throws(StorageError) -> [String] {
        try rows("SELECT name FROM counter ORDER BY name", []).map { row throws(StorageError) in try row.text(0) }
    }

    func value(of name: String) throws(StorageError) -> Int64? {
        try row("SELECT value FROM counter WHERE name = $1", [.text(name)])?.integer(0)
    }
}

struct Refused: Error, Equatable {
    var reason = "the closure said no"
}
