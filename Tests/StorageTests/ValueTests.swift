import Testing

@testable import Storage

@Suite("A value")
struct ValueTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    @Test(
        "comes back as it went in",
        arguments: [
            .null, .integer(.min), .integer(.max), .integer(0), .integer(-1), .text(""), .text("a\u{0}b"),
            .text("\u{0}"),
            .text("👩‍👩‍👧‍👦 é e\u{301} 0123"), .text(String(repeating: "x", count: 1_000_000)), .text("'; DROP TABLE counter"),
            .bytes([]), .bytes([0]), .bytes([0, 255, 0]), .bytes(Array(repeating: 7, count: 1_000_000)),
        ] as [SQLValue])
    func roundTrip(value: SQLValue) async throws {
        let database = try place.open()
        _ = try await database.write { try $0.execute("INSERT INTO note (id, body) VALUES (1, $1)", [value]) }
        let row = try await database.read { try $0.row("SELECT body FROM note WHERE id = $1", [.integer(1)]) }
        #expect(row?.columns == [value])
    }

    @Test("without bytes is not NULL")
    func emptyIsNotNull() async throws {
        let database = try place.open()
        let row = try await database.read { transaction in
            try transaction.row(
                "SELECT $1 IS NULL, $2 IS NULL, $3 IS NULL, typeof($1), typeof($2)",
                [.bytes([]), .text(""), .null])
        }
        #expect(row?.columns == [.integer(0), .integer(0), .integer(1), .text("blob"), .text("text")])
    }

    @Test("of another type than asked for is an error")
    func wrongType() throws {
        let row = Row(columns: [.integer(1), .text("a"), .bytes([1]), .null])
        #expect(try row.integer(0) == 1)
        #expect(try row.text(1) == "a")
        #expect(try row.bytes(2) == [1])
        #expect(try row.optionalInteger(3) == nil)
        #expect(try row.optionalText(3) == nil)
        #expect(try row.optionalBytes(3) == nil)
        let unexpected = StorageError(.unexpectedValue, reason: "")
        #expect(throws: unexpected) { try row.integer(1) }
        #expect(throws: unexpected) { try row.text(2) }
        #expect(throws: unexpected) { try row.bytes(0) }
        #expect(throws: unexpected) { try row.integer(3) }
        #expect(throws: unexpected) { try row.optionalText(0) }
        #expect(throws: unexpected) { try row.optionalBytes(4) }
        #expect(throws: unexpected) { try row.text(-1) }
    }

    @Test(
        "that the database should not hold is an error, not a guess",
        arguments: ["SELECT 1.5", "SELECT CAST(x'ff41' AS TEXT)"] as [TestStatement])
    func foreignValues(statement: TestStatement) async throws {
        let database = try place.open()
        await #expect(throws: StorageError(.unexpectedValue, reason: "")) {
            try await database.read { try $0.rows(statement.sql, []) }
        }
    }
}
