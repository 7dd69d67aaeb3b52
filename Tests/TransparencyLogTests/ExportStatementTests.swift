import Testing
import TransparencyLog

@Suite("an export's statement")
struct ExportStatementTests {
    private static func statement(_ selection: String) throws -> ExportStatement? {
        ExportStatement(
            origin: try KeyName("id.example.com/ws_1"), format: .csv, selection: selection, entries: 3,
            digest: .leaf([1]), head: TreeHead(size: 5, root: .leaf([2])), time: 7)
    }

    @Test(
        "it reads back from its text, whatever was selected", arguments: ["all", "record=ch_é since=1", " ", "a  b "])
    func roundTrip(selection: String) throws {
        let statement = try #require(try Self.statement(selection))
        #expect(ExportStatement(parsing: statement.text) == statement)
        #expect(throws: LogError.self) { try Checkpoint(parsing: statement.text) }
    }

    @Test("a selection that would be another line, or is none or too long, is refused")
    func selections() throws {
        for selection in ["", "a\nentries 9", "a\rb", "\u{7f}", String(repeating: "a", count: 1001)] {
            #expect(try Self.statement(selection) == nil)
        }
    }

    @Test("any other text is refused")
    func malformed() throws {
        let text = try #require(try Self.statement("all")).text
        let changes = [
            ("v1", "v2"), ("log ", "log  "), ("csv", "xml"), ("entries 3", "entries 03"), ("tree 5", "tree 05"),
            ("time 7", "time -7"), ("sha256 ", "sha512 "), ("selection all\n", ""), ("time 7\n", "time 7"),
            ("time 7\n", "time 7\nmore\n"), ("id.example.com/ws_1", "a b"),
        ]
        for (from, to) in changes {
            let other = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false).joined(
                separator: to)
            #expect(other != text && ExportStatement(parsing: other) == nil, "\(from)")
        }
    }
}
