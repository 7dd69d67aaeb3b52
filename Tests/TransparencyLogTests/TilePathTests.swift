import Testing

@testable import TransparencyLog

@Suite("A tile's path")
struct TilePathTests {
    @Test("is written as tlog-tiles writes it, and read back")
    func text() throws {
        let paths: [(TilePath, String)] = [
            (try TilePath(.hashes(level: 0), number: 1_234_067), "tile/0/x001/x234/067"),
            (try TilePath(.hashes(level: 0), number: 1_234_067, width: 5), "tile/0/x001/x234/067.p/5"),
            (try TilePath(.entries, number: 0), "tile/entries/000"),
            (try TilePath(.entries, number: 999, width: 255), "tile/entries/999.p/255"),
            (try TilePath(.hashes(level: 63), number: 1000, width: 1), "tile/63/x001/000.p/1"),
            (
                try TilePath(.hashes(level: 10), number: .max, width: 255),
                "tile/10/x018/x446/x744/x073/x709/x551/615.p/255"
            ),
        ]
        for (path, text) in paths {
            #expect(path.text == text)
            #expect(try TilePath(parsing: text) == path)
        }
    }

    @Test(
        "in another form is refused",
        arguments: [
            "", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile//000", "Tile/0/000",
            "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/Entries/000",
            "tile/18446744073709551616/000",
            "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/x000/000", "tile/0/x000/001",
            "tile/0/001/000",
            "tile/0/x001/x000", "tile/0/xx01/000", "tile/0/X001/000", "tile/0/1234067", "tile/0/x01/x234/067",
            "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
            "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/05", "tile/0/000.p/-5",
            "tile/0/000.p/5/", "tile/0/000.p/5.p/5", "tile/0/x001.p/000", "tile/0/.p/5", "tile/0/000.P/5", "tile/.p/5",
            "tile/0/000.p/18446744073709551617", "tile/0/٠٠٠", "tile/0/000\u{0}", "tile/0/../0/000",
            String(repeating: "tile/", count: 100_000),
        ])
    func malformed(text: String) {
        #expect(throws: LogError(.badPath, "")) { try TilePath(parsing: text) }
    }

    @Test("has a width of 1 to 256 and a level of 0 to 63")
    func limits() {
        for width in [Int.min, -1, 0, 257, .max] {
            #expect(throws: LogError(.badPath, "")) { try TilePath(.entries, number: 0, width: width) }
        }
        for level in [Int.min, -1, 64, .max] {
            #expect(throws: LogError(.badPath, "")) { try TilePath(.hashes(level: level), number: 0) }
        }
    }

    @Test("is as wide as the tree of the specification's example, 70,000 entries, has hashes there")
    func example() {
        func width(_ level: Int, _ number: UInt64) -> Int? {
            TilePath(level: level, number: number, inTreeOf: 70_000)?.width
        }
        #expect(width(0, 272) == 256)
        #expect(width(0, 273) == 112)
        #expect(width(0, 274) == nil)
        #expect(width(1, 0) == 256)
        #expect(width(1, 1) == 17)
        #expect(width(1, 2) == nil)
        #expect(width(2, 0) == 1)
        #expect(width(3, 0) == nil)
        #expect(width(0, .max) == nil)
        #expect(TilePath(level: 0, number: 0, inTreeOf: 0) == nil)
    }
}
