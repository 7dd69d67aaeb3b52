import Testing
import TransparencyLog

@Suite("an export's statement")
struct ExportStatementTests {
    private static func statement(_ entries: Range<UInt64> = 1..<4) throws -> ExportStatement? {
        ExportStatement(
            origin: try KeyName("id.example.com/ws_1"), format: .csv, entries: entries, digest: .leaf([1]),
            head: TreeHead(size: 5, root: .leaf([2])), time: 7)
    }

    @Test(
        "it reads back from its text, and is no checkpoint", arguments: [0..<0, 0..<5, 4..<5, 5..<5] as [Range<UInt64>])
    func roundTrip(entries: Range<UInt64>) throws {
        let statement = try #require(try Self.statement(entries))
        #expect(ExportStatement(parsing: statement.text) == statement)
        #expect(throws: LogError.self) { try Checkpoint(parsing: statement.text) }
    }

    @Test("there is none of entries that the log does not have")
    func beyond() throws {
        #expect(try Self.statement(0..<6) == nil)
    }

    @Test("any other text is refused")
    func malformed() throws {
        let text = try #require(try Self.statement()).text
        let changes = [
            ("v1", "v2"), ("log ", "log  "), ("csv", "xml"), ("entries 1 4", "entries 1 04"),
            ("entries 1 4", "entries 4 1"), ("entries 1 4", "entries 1 6"), ("entries 1 4", "entries 1"),
            ("tree 5", "tree 05"), ("time 7", "time -7"), ("sha256 ", "sha512 "), ("format csv\n", ""),
            ("time 7\n", "time 7"), ("time 7\n", "time 7\nmore\n"), ("id.example.com/ws_1", "a b"),
        ]
        for (from, to) in changes {
            let other = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false).joined(
                separator: to)
            #expect(other != text && ExportStatement(parsing: other) == nil, "\(from)")
        }
    }
}
