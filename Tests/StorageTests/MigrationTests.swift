import Foundation
import Testing

@testable import Storage

@Suite("Migrations")
struct MigrationTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    private let first = Migration(number: 1, name: "first", sql: "CREATE TABLE one (a BIGINT);")
    private let second = Migration(
        number: 2, name: "second", sql: "INSERT INTO one VALUES (5); CREATE TABLE two AS SELECT a FROM one; -- end")

    private func openAndClose(_ migrations: [Migration]) async throws { try await place.open(migrations).close() }

    @Test("run once each, in their order, and are recorded")
    func runOnce() async throws {
        try await openAndClose([first])
        try await openAndClose([first, second])
        let database = try place.open([first, second])
        let history = try await database.read { transaction in
            try transaction.rows("SELECT number, name, digest, applied_at FROM schema_migration ORDER BY number", [])
        }
        #expect(
            history.map(\.columns) == [
                [.integer(1), .text("first"), .text(first.digest), .integer(1_700_000_000)],
                [.integer(2), .text("second"), .text(second.digest), .integer(1_700_000_000)],
            ])
        #expect(try await database.read { try $0.rows("SELECT a FROM two", []) } == [Row(columns: [.integer(5)])])
    }

    @Test("keep their place: gaps, doubles and another order are refused before anything runs")
    func order() async throws {
        let three = Migration(number: 3, name: "third", sql: "SELECT 1")
        for migrations in [[second], [first, three], [first, first], [second, first], [first, second, second]] {
            #expect(await place.refusal(migrations)?.code == .invalidStatement)
        }
        #expect(await place.refusal([first, second]) == nil)
    }

    @Test("of a newer program are refused, and the message says what to do")
    func newer() async throws {
        try await openAndClose([first, second])
        let error = try #require(await place.refusal([first]))
        #expect(error.code == .newerSchema)
        #expect(
            error.reason == """
                \(place.path) was written by a newer Countersign (schema 2, this program knows 1): \
                install that version or restore a backup
                """)
    }

    @Test(
        "that fail leave nothing of themselves, and those before them stay",
        arguments: [
            "CREATE TABLE three (a BIGINT); CREATE TABLE one (a BIGINT)", "CREATE TABLE three (a BIGINT); nonsense",
            "CREATE TABLE three (a BIGINT); COMMIT; SELECT 1", "CREATE TABLE three (a BIGINT); ROLLBACK",
            "CREATE TABLE three (a BIGINT); PRAGMA user_version = 7", "ATTACH ':memory:' AS other",
        ])
    func failing(sql: String) async throws {
        let wrong = Migration(number: 2, name: "wrong", sql: sql)
        let error = try #require(await place.refusal([first, wrong]))
        #expect(error.code == .invalidDatabase)
        #expect(error.reason.contains("migration 2 (wrong)"))
        let database = try place.open([first])
        let names = try await database.read { transaction in
            try transaction.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", [])
        }
        #expect(names.map(\.columns) == [[.text("one")], [.text("schema_migration")]])
    }

    @Test("that were changed after they ran are found")
    func changed() async throws {
        try await openAndClose([first, second])
        let edited = Migration(number: 1, name: "first", sql: first.sql + " ")
        let error = try #require(await place.refusal([edited, second]))
        #expect(error.code == .invalidDatabase)
        #expect(error.reason.contains("migration 1 (first)"))
        let renamed = Migration(number: 1, name: "another name", sql: first.sql)
        #expect(await place.refusal([renamed, second]) == nil)
    }

    @Test("have a digest that is FNV-1a, on every machine")
    func digest() {
        #expect(Migration(number: 1, name: "", sql: "").digest == "cbf29ce484222325")
        #expect(Migration(number: 1, name: "", sql: "a").digest == "af63dc4c8601ec8c")
        #expect(Migration(number: 1, name: "", sql: "foobar").digest == "85944171f73967e8")
    }

    @Test("do not touch a file that is no database")
    func noDatabase() async throws {
        let content = Data(String(repeating: "This is a letter. ", count: 500).utf8)
        try content.write(to: URL(fileURLWithPath: place.path))
        let error = try #require(await place.refusal())
        #expect(error.code == .invalidDatabase)
        #expect(error.reason.contains(place.path))
        #expect(error.reason.contains("not a database"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.path)) == content)
    }

    @Test("do not touch another program's database")
    func anotherProgram() async throws {
        var connection: SQLiteConnection? = try foreignDatabase()
        connection?.close()
        connection = nil
        let error = try #require(await place.refusal())
        #expect(error.code == .invalidDatabase)
        #expect(error.reason.contains("another program"))
    }

    private func foreignDatabase() throws -> SQLiteConnection {
        try DatabaseFile.prepare(place.path)
        let connection = try SQLiteConnection(path: place.path, purpose: .writing)
        try connection.run("CREATE TABLE theirs (a)")
        return connection
    }
}
