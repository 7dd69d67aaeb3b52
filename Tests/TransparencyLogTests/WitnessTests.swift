import Encodings
import Crypto
import Testing

@testable import TransparencyLog

@Suite("A witness")
struct WitnessTests {
    private let witness = Curve25519.Signing.PrivateKey()

    private func key(_ name: String = "witness.example/w1") throws -> VerifierKey {
        try VerifierKey(
            name: KeyName(name), algorithm: .cosignature, publicKey: Array(witness.publicKey.rawRepresentation))
    }

    /// What tlog-cosignature has a witness sign, spelled out.
    private func cosignature(_ note: SignedNote, time: UInt64, claiming: UInt64? = nil) throws -> NoteSignature {
        let message = "cosignature/v1\ntime \(time)\n" + note.text
        let signature = try witness.signature(for: Array(message.utf8))
        let bytes = (claiming ?? time).bigEndianBytes + signature
        return NoteSignature(name: try key().name, keyID: try key().id, bytes: bytes)
    }

    private func note() throws -> SignedNote { try SignedNote(parsing: #require(MemoryLog(count: 5).note)) }

    @Test("cosigns a checkpoint with the time, and the line verifies below the log's own")
    func cosigns() throws {
        let note = try note()
        let answer = try AddCheckpointAnswer(
            status: 200, contentType: nil, body: Array(cosignature(note, time: 1_679_315_147).line.utf8))
        guard case .cosigned(let lines) = answer else { throw LogError(.badNote, "not cosigned") }
        let cosigned = try note.adding(lines, from: [key()])
        #expect(cosigned.signatures.count == 2)
        try cosigned.verify(with: [MemoryLog.key(), key()])
        #expect(Cosignature(lines[0])?.time == 1_679_315_147)
        #expect(try Checkpoint(opening: cosigned, signedBy: MemoryLog.key()).size == 5)
    }

    @Test("is not believed with another time, for another checkpoint, or under another name")
    func refused() throws {
        let note = try note()
        let other = try SignedNote(parsing: #require(MemoryLog(count: 6).note))
        for (line, code) in [
            (try cosignature(note, time: 5, claiming: 6), LogError.Code.badSignature),
            (try cosignature(other, time: 5), .badSignature),
            (try cosignature(note, time: 1 << 63), .badSignature),
            (NoteSignature(name: try key("w2").name, keyID: try key().id, bytes: [1]), .notSigned),
        ] {
            #expect(throws: LogError(code, "")) { try note.adding([line], from: [key()]) }
        }
        // The log's own key is no witness's, whichever line it signs.
        #expect(throws: LogError(.notSigned, "")) { try note.adding(note.signatures, from: [key()]) }
    }

    @Test("is asked with the old size, the proof and the checkpoint, as tlog-witness writes them")
    func request() throws {
        let note = try note()
        let hash = LogHash.leaf([])
        let request = try AddCheckpointRequest(oldSize: 3, proof: ConsistencyProof([hash, .empty]), note: note)
        #expect(request.encoded == "old 3\n\(hash.base64)\n\(LogHash.empty.base64)\n\n\(note.encoded)")
        #expect(try AddCheckpointRequest(parsing: Array(request.encoded.utf8)) == request)
        let first = try AddCheckpointRequest(oldSize: 0, proof: ConsistencyProof([]), note: note)
        #expect(first.encoded == "old 0\n\n\(note.encoded)")
        #expect(try AddCheckpointRequest(parsing: Array(first.encoded.utf8)) == first)
    }

    @Test("refuses what is no request")
    func malformedRequest() throws {
        let checkpoint = try note().encoded
        let hash = LogHash.empty.base64
        for text in [
            "", "\n", "\n\n", "old\n\n\(checkpoint)", "old \n\n\(checkpoint)", "old 01\n\n\(checkpoint)",
            "old -1\n\n\(checkpoint)", "Old 1\n\n\(checkpoint)", "old 18446744073709551616\n\n\(checkpoint)",
            "old 1\nAAAA\n\n\(checkpoint)", "old 1\n\(hash) \n\n\(checkpoint)", "old 1\n\(checkpoint)", "old 1\n\n",
            "old 1\n\n\ntext\n", "old 1\n" + String(repeating: "\(hash)\n", count: 64) + "\n\(checkpoint)",
            "old 1\n\n" + String(repeating: "x", count: 70_000) + "\n\(checkpoint)",
        ] {
            #expect(throws: LogError.self, "\(text.prefix(40))") { try AddCheckpointRequest(parsing: Array(text.utf8)) }
        }
        #expect(throws: LogError(.badProof, "")) {
            try AddCheckpointRequest(
                oldSize: 1, proof: ConsistencyProof(.init(repeating: .empty, count: 64)), note: note())
        }
    }

    @Test("answers with its size, or refuses")
    func answers() throws {
        func answer(_ status: Int, _ type: String?, _ body: String) throws -> AddCheckpointAnswer {
            try AddCheckpointAnswer(status: status, contentType: type, body: Array(body.utf8))
        }
        #expect(try answer(409, "text/x.tlog.size", "20852014\n") == .conflict(size: 20_852_014))
        for (type, body) in [
            ("text/plain", "5\n"), ("text/x.tlog.size", "5"), ("text/x.tlog.size", "05\n"), ("text/x.tlog.size", "\n"),
            ("text/x.tlog.size", "18446744073709551616\n"),
        ] {
            #expect(try answer(409, type, body) == .refused(status: 409))
        }
        for status in [301, 400, 403, 404, 422, 500] {
            #expect(try answer(status, nil, "") == .refused(status: status))
        }
        for body in ["", "\n", "ok\n", "text\n\n— a AAAAAAA=\n", "— a AAAAAAA="] {
            #expect(throws: LogError(.badNote, "")) { try answer(200, nil, body) }
        }
    }
}
