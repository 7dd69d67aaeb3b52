import Testing

@testable import Storage

@Suite("A row that is lent")
struct LentRowTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    private static let statement: StaticString =
        "SELECT 7, 'é', X'00ff', NULL, X'' UNION ALL SELECT 8, '', X'01', NULL, X''"

    @Test("has the bytes of its columns, row after row")
    func values() async throws {
        let database = try place.open()
        let seen = try await database.read { transaction in
            var seen: [[SQLValue]] = []
            try transaction.forEachRow(Self.statement, []) { row throws(StorageError) in
                var values: [SQLValue] = [.integer(try row.integer(0))]
                try row.withText(1) { values.append(.text(String(decoding: $0, as: UTF8.self))) }
                for column in 2...4 {
                    try row.withOptionalBytes(column) { values.append($0.map { .bytes(Array($0)) } ?? .null) }
                }
                seen.append(values)
            }
            return seen
        }
        #expect(
            seen == [
                [.integer(7), .text("é"), .bytes([0, 255]), .null, .bytes([])],
                [.integer(8), .text(""), .bytes([1]), .null, .bytes([])],
            ])
    }

    @Test("of another type than asked for is an error", arguments: 0...4)
    func wrongType(column: Int) async throws {
        let database = try place.open()
        await #expect(throws: StorageError(.unexpectedValue, reason: "")) {
            try await database.read { transaction in
                try transaction.forEachRow(Self.statement, []) { row throws(StorageError) in
                    switch column {
                    case 0: try row.withText(column) { _ in }
                    case 1: try row.withOptionalBytes(column) { _ in }
                    default: _ = try row.integer(column)
                    }
                }
            }
        }
    }

    @Test("ends with the error of whoever reads it, and so does its unit of work")
    func failing() async throws {
        let database = try place.open()
        let error = StorageError(.constraintViolated, reason: "enough")
        await #expect(throws: error) {
            try await database.read { transaction in
                var rows = 0
                try? transaction.forEachRow(Self.statement, []) { _ throws(StorageError) in
                    rows += 1
                    throw error
                }
                #expect(rows == 1)
            }
        }
    }
}
