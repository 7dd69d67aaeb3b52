import AuditLog
import Crypto
import Testing
import TransparencyLog

@Suite("Whoever changes an export")
struct ExportTamperingTests {
    private let export: TestExport

    init() async throws { export = try await TestExport() }

    /// What the verifier says of an export whose lines were changed.
    private func fault(
        _ format: ExportStatement.Format, _ change: (inout [[UInt8]]) -> Void
    ) async throws -> ExportFault? {
        let (file, manifest) = try await export.write(format)
        var lines = file.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
        let before = lines
        change(&lines)
        #expect(lines != before)
        return #expect(throws: ExportFault.self) { try export.verify(Array(lines.joined()), manifest) }
    }

    @Test("flips a byte, whichever it is: the entry is named")
    func flipped() async throws {
        let (file, manifest) = try await export.write(.jsonl)
        let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // Of the first three entries one has no personal part, and one is erased.
        for (number, step) in [(1, 1), (2, 3), (3, 3), (301, 50)] {
            let line = lines[number - 1]
            for index in stride(from: line.startIndex, to: line.endIndex, by: step) {
                var changed = file
                changed[index] ^= 1
                let fault = #expect(throws: ExportFault.self) { try export.verify(changed, manifest) }
                #expect(fault?.entry == UInt64(number), "byte \(index - line.startIndex): \(fault?.reason ?? "")")
            }
        }
    }

    @Test("flips a byte of a row: the entry is named")
    func flippedCell() async throws {
        let (file, manifest) = try await export.write(.csv)
        let header = try #require(file.firstIndex(of: UInt8(ascii: "\n"))) + 1
        let end = try #require(file[header...].firstIndex(of: UInt8(ascii: "\r")))
        for index in header..<end {
            var changed = file
            changed[index] ^= 1
            let fault = #expect(throws: ExportFault.self) { try export.verify(changed, manifest) }
            #expect(fault?.entry == 1, "byte \(index - header): \(fault?.reason ?? "")")
        }
    }

    @Test("drops, doubles, moves, adds or cuts off lines: the first one that does not fit is named")
    func moved() async throws {
        let expected: [(UInt64, @Sendable (inout [[UInt8]]) -> Void)] = [
            (50, { $0.remove(at: 49) }), (51, { $0.insert($0[49], at: 50) }), (40, { $0.swapAt(39, 40) }),
            (602, { $0.append($0[600]) }), (601, { $0.removeLast() }), (601, { $0[600].removeLast() }),
            (1, { $0.removeAll() }), (30, { $0[29] = Array("{}\n".utf8) }), (30, { $0[29].insert(0x20, at: 5) }),
            (30, { $0[29] = Array(repeating: 0x20, count: 2_000_000) }),
        ]
        for (number, change) in expected { #expect(try await fault(.jsonl, change)?.entry == number) }
    }

    @Test("changes an entry and its leaf alike: they do not lead to the root")
    func forged() async throws {
        let fault = try await fault(.jsonl) { lines in
            let text = String(decoding: lines[2], as: UTF8.self)
            let parts = text.replacing("\"outcome\":\"done\"", with: "\"outcome\":\"fail\"")
            let start = parts.utf8.index(parts.startIndex, offsetBy: 9)
            let end = parts.firstRange(of: ",\"leaf\"")?.lowerBound ?? start
            let leaf = LogHash.leaf(Array(parts[start..<end].utf8))
            let old = text[(text.firstRange(of: "\"leaf\":\"")?.upperBound ?? start)...].prefix(44)
            lines[2] = Array(parts.replacing(old, with: leaf.base64).utf8)
        }
        #expect(fault?.entry == nil && fault?.reason.contains("root") == true)
    }

    @Test("says that somebody was erased who was not: the file is not the one that was signed")
    func hidden() async throws {
        let fault = try await fault(.jsonl) { lines in
            let text = String(decoding: lines[2], as: UTF8.self)
            let start = text.firstRange(of: "\"personal\":{")?.lowerBound ?? text.startIndex
            let end = text.ranges(of: ",\"sealed\":\"").last?.lowerBound ?? text.endIndex
            lines[2] = Array("\(text[..<start])\"personal\":\"erased\"\(text[end...])".utf8)
        }
        #expect(fault?.entry == nil && fault?.reason.contains("file") == true)
    }

    @Test("brings another manifest, or another key's")
    func manifest() async throws {
        let (file, _) = try await export.write(.jsonl)
        let (_, other) = try await export.write(.csv)
        #expect(throws: ExportFault.self) { try export.verify(file, other) }
        let (again, manifest) = try await export.write(.jsonl, .init(from: TestLog.time + 9))
        #expect(throws: ExportFault.self) { try export.verify(file, manifest) }
        let foreign = try NoteSigner(
            name: KeyName("log.example.com/ws_1"), privateKey: Curve25519.Signing.PrivateKey()
        ).verifierKey
        #expect(throws: ExportFault.self) { try export.verify(again, manifest, key: foreign) }
        let elsewhere = try #require(export.signer.verifierKey(of: "ws_2"))
        #expect(throws: ExportFault.self) { try export.verify(again, manifest, key: elsewhere) }
    }
}
