import CSQLite
import Testing
import Threads

@testable import Storage

@Suite("A statement")
struct StatementTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    @Test("takes its parameters by number, in any order and as often as wanted")
    func parameters() async throws {
        let database = try place.open()
        let row = try await database.read { transaction in
            try transaction.row("SELECT $3, $1, $2, $1, $3", [.integer(1), .text("two"), .null])
        }
        #expect(row?.columns == [.null, .integer(1), .text("two"), .integer(1), .null])
    }

    @Test("takes more than nine parameters")
    func manyParameters() async throws {
        let database = try place.open()
        let row = try await database.read { transaction in
            try transaction.row("SELECT $11, $1, $10, $2, $3, $4, $5, $6, $7, $8, $9", (1...11).map { .integer($0) })
        }
        #expect(row?.columns == ([11, 1, 10] + (2...9)).map { .integer($0) })
    }

    @Test(
        "is refused when its parameters and values do not fit",
        arguments: [
            ("SELECT $1, $2", 1), ("SELECT $1", 2), ("SELECT 1", 1), ("SELECT $1", 0), ("SELECT $2", 2),
            ("SELECT $1, $3", 3),
            ("SELECT ?", 1), ("SELECT ?1", 1), ("SELECT :name", 1), ("SELECT @name", 1), ("SELECT $name", 1),
            ("SELECT $0", 1), ("SELECT $1, $01", 2),
        ] as [(TestStatement, Int)])
    func misfits(statement: TestStatement, values: Int) async throws {
        let database = try place.open()
        await #expect(throws: StorageError(.invalidStatement, reason: "")) {
            try await database.read { try $0.rows(statement.sql, Array(repeating: .integer(1), count: values)) }
        }
    }

    @Test(
        "is refused when it is none, or more than one",
        arguments: ["", ";", "S", "SELEC 1", "SELECT 1; SELECT 2", "SELECT * FROM missing", "SELECT"] as [TestStatement]
    )
    func invalid(statement: TestStatement) async throws {
        let database = try place.open()
        await #expect(throws: StorageError(.invalidStatement, reason: "")) {
            try await database.read { try $0.rows(statement.sql, []) }
        }
    }

    @Test("counts the rows that it changed, and none if it only reads")
    func counts() async throws {
        let database = try place.open()
        let counts = try await database.write { transaction in
            [
                try transaction.execute("INSERT INTO counter (name, value) VALUES ('a', 1), ('b', 2), ('c', 3)", []),
                try transaction.execute("SELECT name FROM counter", []),
                try transaction.execute("INSERT INTO counter VALUES ('a', 1) ON CONFLICT DO NOTHING", []),
                try transaction.execute("UPDATE counter SET value = 0 WHERE value > $1 RETURNING name", [.integer(1)]),
                try transaction.execute("DELETE FROM counter WHERE name = 'missing'", []),
            ]
        }
        #expect(counts == [3, 0, 0, 2, 0])
    }

    @Test("with RETURNING changes all its rows even if only the first is asked for")
    func returning() async throws {
        let database = try place.open()
        let row = try await database.write { transaction in
            try transaction.row("INSERT INTO counter (name, value) VALUES ('a', 1), ('b', 2) RETURNING value", [])
        }
        #expect(row?.columns == [.integer(1)])
        #expect(try await database.read { try $0.counters() } == ["a", "b"])
    }

    @Test("is prepared once per connection, and keeps no values between uses")
    func prepared() async throws {
        let database = try place.open()
        await database.close()
        let connection = try SQLiteConnection(path: place.path, purpose: .reading)
        let sql: StaticString = "SELECT $1, $1 IS NULL"
        let first = try connection.prepared(sql)
        #expect(try first.rows([.text("private")], limit: 1).first?.columns == [.text("private"), .integer(0)])
        #expect(try connection.prepared(sql) === first)
        #expect(connection.preparedCount == 1)
        #expect(throws: StorageError(.invalidStatement, reason: "")) { try first.rows([], limit: 1) }
        let text = try #require(sqlite3_expanded_sql(first.handle))
        defer { sqlite3_free(text) }
        #expect(String(cString: text) == "SELECT NULL, NULL IS NULL")
    }

    @Test("that fails serves again afterwards")
    func afterFailure() async throws {
        let database = try place.open()
        for _ in 0..<3 {
            try? await database.write { transaction in
                try transaction.addCounter("a")
                try transaction.addCounter("a")
            }
        }
        try await database.write { try $0.addCounter("a", 4) }
        #expect(try await database.read { try $0.value(of: "a") } == 4)
    }

    @Test("that fails tells what was wrong with it, but no value")
    func noValuesInErrors() async throws {
        let database = try place.open()
        let failures: [@Sendable (any Transaction) throws -> Void] = [
            { transaction in
                try transaction.addCounter("private")
                try transaction.addCounter("private")
            },
            { try $0.execute("INSERT INTO note (id, counter) VALUES (1, $1)", [.text("private")]) },
            { _ = try $0.row("SELECT json_extract('{}', $1)", [.text("private")]) },
            { _ = try $0.row("SELECT $1 ->> '$[x'", [.text("{\"private\":1}")]) },
            { _ = try $0.row("SELECT 1", [.text("private")]) },
        ]
        for failure in failures {
            let error = try await #require(throws: StorageError.self) { try await database.write(failure) }
            #expect(!"\(error)".contains("private"))
            #expect(!error.reason.isEmpty)
        }
        let error = try await #require(throws: StorageError.self) {
            try await database.read { try $0.rows("SELECT missing FROM counter", []) }
        }
        #expect(error.reason.contains("no such column: missing"))
        #expect(error.reason.contains("SELECT missing FROM counter"))
    }

    @Test("cannot be run by a transaction that outlived its unit of work")
    func outlived() async throws {
        let database = try place.open()
        let kept = Kept()
        try await database.write { transaction in
            try transaction.addCounter("a")
            kept.transaction.withLock { $0 = transaction }
        }
        #expect(throws: StorageError(.invalidStatement, reason: "")) {
            try kept.transaction.withLock { $0 }?.execute("DELETE FROM counter", [])
        }
        await database.close()
    }

    private final class Kept: @unchecked Sendable {
        let transaction = Monitor<(any Transaction)?>(nil)
    }
}
