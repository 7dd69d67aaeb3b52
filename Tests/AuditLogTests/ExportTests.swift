import Storage
import Testing
import TransparencyLog

@testable import AuditLog

@Suite("An export")
struct ExportTests {
    /// An entry more than were made: that of the erasure.
    private static let end = TestExport.size + 1

    @Test(
        "verifies by its manifest and the log's key, whatever stands in it", arguments: ExportStatement.Format.allCases)
    func whole(format: ExportStatement.Format) async throws {
        let export = try await TestExport()
        let (file, manifest) = try await export.write(format)
        #expect(try export.verify(file, manifest).entries == 0..<Self.end)
        let text = String(decoding: file, as: UTF8.self)
        #expect(text.contains("491701234567") && !text.contains("anna@example.com") && text.contains("erased"))
    }

    @Test(
        "of a period has the entries of that time and no others, and fits the same root",
        arguments: ExportStatement.Format.allCases)
    func period(format: ExportStatement.Format) async throws {
        let export = try await TestExport()
        for (from, to) in [(0, 0), (1, 255), (256, 511), (300, 599), (17, 17)] as [(Int64, Int64)] {
            let (file, manifest) = try await export.write(
                format, .init(from: TestLog.time + from, to: TestLog.time + to))
            let entries = try export.verify(file, manifest).entries
            // The erasure has the time of the first entry.
            #expect(entries.lowerBound == UInt64(from) && entries.upperBound >= UInt64(to) + 1)
        }
        let (file, manifest) = try await export.write(format, .init(from: TestLog.time + 1000))
        #expect(try export.verify(file, manifest).entries.isEmpty)
    }

    @Test("of a log that was pruned begins with the first entry that is kept")
    func pruned() async throws {
        let export = try await TestExport()
        try export.log.damage("UPDATE audit_log SET minimum = 300; DELETE FROM audit_entry WHERE sequence <= 300")
        let (file, manifest) = try await export.write(.jsonl)
        #expect(try export.verify(file, manifest).entries == 300..<Self.end)
    }

    @Test("is an entry of the log itself, which the next one has")
    func noted() async throws {
        let export = try await TestExport()
        _ = try await export.write(.csv)
        let last = try #require(try await export.log.all().last?.entry)
        #expect(last.action == "log.exported" && last.detail == "csv: 601 entries after 0")
    }

    @Test("is cut off where entries are missing, before anything is signed")
    func damaged() async throws {
        let export = try await TestExport()
        try export.log.damage("DELETE FROM audit_entry WHERE sequence = 400")
        await #expect(throws: LogReadingError(.damaged)) { _ = try await export.write(.jsonl) }
    }

    @Test("as CSV has no cell that a spreadsheet takes for a formula")
    func formulas() async throws {
        let export = try await TestExport()
        let text = String(decoding: try await export.write(.csv).file, as: UTF8.self)
        #expect(text.contains(#""'=HYPERLINK(""https://evil.example"")""#) && text.contains("\"'+491701234567\""))
        #expect(!text.contains("\"=") && !text.contains("\"+") && !text.contains("\"-") && !text.contains("\"@"))
    }

    @Test(
        "cells come back as they were, apostrophes included",
        arguments: ["", "'", "''a", "=1", "-", "@x", "\t", "\r\n", "a\"b,c", "é"])
    func cells(cell: String) {
        #expect(CSVRow.cells(CSVRow.text([cell, "end"])) == [cell, "end"])
    }
}
