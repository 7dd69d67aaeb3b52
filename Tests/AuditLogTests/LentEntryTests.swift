import Storage
import Testing

@testable import AuditLog

@Suite("An entry that is read where the database has it")
struct LentEntryTests {
    private static func texts(_ log: TestLog) async throws -> [[UInt8]] {
        try await log.database.read { transaction in
            var texts: [[UInt8]] = []
            try LentEntry.each(after: 0, count: 100, workspace: "ws_1", in: transaction) { texts.append($1) }
            return texts
        }
    }

    @Test(
        "has the text of the entry that is read as a whole",
        arguments: [
            "", "plain", "\"quoted\" \\ back", "\u{8}\t\n\u{c}\r", "\u{1}\u{1f}\u{7f}", "€ ö é 😀 \u{fb33}", "\u{2028}",
        ])
    func sameText(detail: String) async throws {
        let log = try TestLog()
        try await log.append(
            TestLog.entry(detail: detail), TestLog.entry(subject: TestLog.anna, detail: detail),
            TestLog.entry(address: "", detail: detail))
        let whole = try await log.all().map(\.entry.canonicalText)
        #expect(whole.count == 3)
        #expect(try await Self.texts(log) == whole)
    }

    @Test(
        "is refused where a column holds something else",
        arguments: [
            "UPDATE audit_entry SET record = X'07'", "UPDATE audit_entry SET time = 'late'",
            "UPDATE audit_entry SET personal = 'text'", "UPDATE audit_entry SET detail = CAST(X'ff' AS TEXT)",
        ] as [StaticString])
    func foreignType(change: StaticString) async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry())
        _ = try await log.database.write { try $0.execute(change, []) }
        await #expect(throws: StorageError(.unexpectedValue, reason: "")) { _ = try await Self.texts(log) }
    }
}
