import Testing

@testable import TransparencyLog

@Suite("The verifier of a log")
struct LogVerifierTests {
    @Test(
        "finds nothing in a log as it was written, of any size",
        arguments: [0, 1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 70_000])
    func whole(count: Int) async throws {
        let log = try MemoryLog(count: count)
        let verified = try await LogVerifier(log, key: MemoryLog.key()).verify()
        #expect(verified.entries == 0..<UInt64(count))
        #expect(verified.checkpoint.size == UInt64(count))
    }

    @Test("names the entry of which one byte was flipped, whichever it is")
    func flippedEntryByte() async throws {
        let log = try MemoryLog(count: 20)
        let path = try #require(TilePath(entries: 0, inLogOf: 20))
        for (index, start) in log.starts(in: path).enumerated() {
            for byte in start..<(start + 2 + log.entries[index].count) {
                let fault = try await log.flipping(byte, of: path).fault()
                #expect(fault?.place == .entry(UInt64(index)), "byte \(byte)")
            }
        }
    }

    @Test("names the entry that was changed, before and after the border of a tile")
    func changedEntry() async throws {
        let log = try MemoryLog(count: 300)
        for number: UInt64 in [0, 1] {
            let path = try #require(TilePath(entries: number, inLogOf: 300))
            for (index, start) in log.starts(in: path).enumerated() where index % 9 == 0 || index == path.width - 1 {
                let fault = try await log.flipping(start + 5, of: path).fault()
                #expect(fault?.place == .entry(path.firstEntry + UInt64(index)))
            }
        }
    }

    @Test("names the tile of which one byte was flipped, at every level", arguments: [0: 300, 65_280: 66_000])
    func flippedTileByte(first: UInt64, count: Int) async throws {
        let log = try MemoryLog(count: count)
        for path in log.pieces.keys where path.content != .entries && (path.isPartial || path.end > first) {
            for byte in stride(from: 0, to: path.width * LogHash.length, by: first == 0 ? 37 : 3001) {
                let fault = try await log.flipping(byte, of: path).fault(minimumIndex: first)
                #expect(fault?.place == .tile(path), "byte \(byte) of \(path)")
            }
        }
    }

    @Test("says the checkpoint is wrong, whichever of its bytes was flipped")
    func flippedCheckpointByte() async throws {
        let log = try MemoryLog(count: 3)
        for byte in try #require(log.note).indices {
            for bit in 0..<8 {
                var changed = log
                changed.note?[byte] ^= 1 << bit
                #expect(try await changed.fault()?.place == .checkpoint, "bit \(bit) of byte \(byte)")
            }
        }
    }

    @Test("names the first entry that was moved, dropped, inserted or cut off")
    func changedOrder() async throws {
        let log = try MemoryLog(count: 600)
        let changes: [(String, UInt64, (inout [[UInt8]]) -> Void)] = [
            ("moved", 256 + 7, { $0.swapAt(7, 9) }),
            ("dropped", 256 + 7, { $0.remove(at: 7) }),
            ("dropped at the end", 256 + 255, { $0.removeLast() }),
            ("repeated", 256 + 7, { $0[7] = $0[6] }),
            ("all gone", 256, { $0 = [] }),
        ]
        let path = try TilePath(.entries, number: 1)
        for (name, first, change) in changes {
            var changed = log
            try changed.replaceEntries(at: path, change)
            #expect(try await changed.fault()?.place == .entry(first), "\(name)")
        }
        let last = try TilePath(.entries, number: 2, width: 88)
        var inserted = log
        try inserted.replaceEntries(at: last) { $0.insert(Array("new".utf8), at: 80) }
        #expect(try await inserted.fault()?.place == .entry(512 + 80))
        var appended = log
        try appended.replaceEntries(at: last) { $0.append(Array("new".utf8)) }
        #expect(try await appended.fault()?.place == .entry(600))
        for cut in 1...40 {
            var truncated = log
            truncated.pieces[last]?.removeLast(cut)
            let fault = try await truncated.fault()
            #expect(try #require(fault).firstEntry >= 598, "\(cut) bytes")
        }
    }

    @Test("names the piece that is missing")
    func missing() async throws {
        let log = try MemoryLog(count: 600)
        for path in log.pieces.keys {
            var changed = log
            changed.pieces[path] = nil
            let place: LogFault.Place = path.content == .entries ? .entry(path.firstEntry) : .tile(path)
            #expect(try await changed.fault()?.place == place, "\(path)")
        }
        var headless = log
        headless.note = nil
        #expect(try await headless.fault()?.place == .checkpoint)
    }

    @Test("finds entries that were changed together with their tile, by what is above")
    func changedWithTile() async throws {
        let log = try MemoryLog(count: 600)
        let entries = log.entries.enumerated().map { $0 == 300 ? Array("other".utf8) : $1 }
        let other = try MemoryLog(entries: entries, origin: "log.example/one")
        var changed = log
        for path in [try TilePath(.entries, number: 1), try TilePath(.hashes(level: 0), number: 1)] {
            changed.pieces[path] = other.pieces[path]
        }
        #expect(try await changed.fault()?.place == .tile(TilePath(.hashes(level: 0), number: 1)))
        // With all tiles changed, only the signature is left to tell.
        changed.pieces = other.pieces
        #expect(try await changed.fault()?.place == .checkpoint)
    }

    @Test("refuses another log's checkpoint, tiles and entries, even of the same installation's key")
    func otherLog() async throws {
        let log = try MemoryLog(count: 600)
        let other = try MemoryLog(count: 600, origin: "log.example/two")
        var swapped = log
        swapped.note = other.note
        #expect(try await swapped.fault()?.place == .checkpoint)

        // The key is the same, so the signature is valid under the first log's name and id: only the origin tells.
        let note = try SignedNote(parsing: #require(other.note))
        let key = try MemoryLog.key()
        let renamed = NoteSignature(name: key.name, keyID: key.id, bytes: note.signatures[0].bytes)
        let forged = try SignedNote(text: note.text, signatures: [renamed])
        try forged.verify(with: [key])
        #expect(throws: LogError(.wrongOrigin, "")) { try Checkpoint(opening: forged, signedBy: key) }

        for path in log.pieces.keys {
            var mixed = log
            mixed.pieces[path] = other.pieces[path]
            #expect(try await mixed.fault() != nil, "\(path)")
        }
    }

    @Test("checks what a pruned log still has, down to its minimum index")
    func pruned() async throws {
        var log = try MemoryLog(count: 1000)
        for path in [try TilePath(.entries, number: 0), try TilePath(.hashes(level: 0), number: 0)] {
            log.pieces[path] = nil
        }
        #expect(try await log.fault() != nil)
        #expect(try await log.fault(minimumIndex: 256) == nil)
        let verified = try await LogVerifier(log, key: MemoryLog.key(), minimumIndex: 700).verify()
        #expect(verified.entries == 512..<1000)
        try log.replaceEntries(at: TilePath(.entries, number: 1)) { $0[3] = [] }
        #expect(try await log.fault(minimumIndex: 256)?.place == .entry(259))
        #expect(try await log.fault(minimumIndex: 1001)?.place == .checkpoint)
    }

    @Test("tells how far it has come")
    func progress() async throws {
        var seen: [LogProgress] = []
        _ = try await LogVerifier(MemoryLog(count: 600), key: MemoryLog.key(), minimumIndex: 256).verify {
            seen.append($0)
        }
        #expect(seen == [LogProgress(checked: 256, total: 344), LogProgress(checked: 344, total: 344)])
    }

    @Test(
        "a log extends every checkpoint that was signed on its way, and none of a log that went another way",
        arguments: [300, 512, 600])
    func extends(count: Int) async throws {
        let log = try MemoryLog(count: count)
        let verified = try await LogVerifier(log, key: MemoryLog.key()).verify()
        for size in [0, 1, 255, 256, 257, 299, count] {
            let kept = try MemoryLog(entries: Array(log.entries[..<size]), origin: "log.example/one").head()
            try await verified.requireExtension(of: kept, from: log)
            var entries = Array(log.entries[..<size])
            guard size > 0 else { continue }
            entries[size / 2] = Array("other".utf8)
            let other = try MemoryLog(entries: entries, origin: "log.example/one").head()
            let fault = await #expect(throws: LogFault.self) {
                try await verified.requireExtension(of: other, from: log)
            }
            #expect(fault?.place == .checkpoint, "size \(size)")
        }
    }

    @Test("a log that is shorter than a checkpoint that was kept has been cut")
    func cut() async throws {
        let log = try MemoryLog(count: 300)
        let verified = try await LogVerifier(log, key: MemoryLog.key()).verify()
        let kept = try MemoryLog(count: 301).head()
        let fault = await #expect(throws: LogFault.self) { try await verified.requireExtension(of: kept, from: log) }
        #expect(fault?.reason.contains("301") == true && fault?.reason.contains("300") == true)
    }
}
