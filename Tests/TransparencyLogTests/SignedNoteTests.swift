import Crypto
import Testing

@testable import TransparencyLog

@Suite("A signed note")
struct SignedNoteTests {
    /// The key and the note that Go's implementation publishes; the seed is in the text of its private key.
    static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let seed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let line =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    static var encoded: String { "\(text)\n\(line)\n" }

    static func signer(_ name: String = "PeterNeumann") throws -> NoteSigner {
        let seed = try #require(Base64.decode(seed)).dropFirst()
        return try NoteSigner(name: KeyName(name), privateKey: .init(rawRepresentation: seed))
    }

    @Test("of Go's implementation verifies, and is what the same key signs here")
    func published() throws {
        let note = try SignedNote(parsing: Array(Self.encoded.utf8))
        #expect(note.text == Self.text)
        #expect(try note.verify(with: [VerifierKey(parsing: Self.key)]) == note.signatures)
        #expect(note.encoded == Self.encoded)
        let signer = try Self.signer()
        #expect(signer.verifierKey.text == Self.key)
        #expect(try signer.sign(Self.text).encoded == Self.encoded)
    }

    @Test("is refused with any bit of it flipped")
    func flipped() throws {
        let key = try VerifierKey(parsing: Self.key)
        let bytes = Array(Self.encoded.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(throws: LogError.self, "bit \(bit) of \(index)") {
                    try SignedNote(parsing: changed).verify(with: [key])
                }
            }
        }
    }

    @Test(
        "in another form is refused",
        arguments: [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n\(line)\n", "\n\(line)\n", "text\n\n\(line)",
            "text\n\n\(line)\n\n", "text\n\n\(line)\nmore\n", "te\u{1}xt\n\n\(line)\n", "text\r\n\n\(line)\n",
            "text\n\n- PeterNeumann AAAAAAA=\n", "text\n\n—  PeterNeumann AAAAAAA=\n", "text\n\n— PeterNeumann\n",
            "text\n\n— PeterNeumann AAAA\n", "text\n\n— Peter+Neumann AAAAAAA=\n", "text\n\n—  AAAAAAA=\n",
            "text\n\n— Peter\u{a0}Neumann AAAAAAA=\n", "text\n\n— PeterNeumann AAAAAAA= \n",
            "text\n\n— PeterNeumann AAAAAAB=\n", "text\n\n— PeterNeumann AAAAAAA\n",
            "text\n\n— PeterNeumann AAAA AAA=\n", "text\n\n— PeterNeumann \u{301}AAAAAAA=\n",
        ])
    func malformed(text: String) {
        #expect(throws: LogError(.badNote, "")) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test("that is not UTF-8 is refused")
    func notUTF8() {
        let bytes = [0xff] + Array(Self.encoded.utf8)
        #expect(throws: LogError(.badNote, "")) { try SignedNote(parsing: bytes) }
    }

    @Test("may have empty lines in its text")
    func emptyLines() throws {
        let note = try Self.signer().sign("one\n\ntwo\n\n\n")
        let read = try SignedNote(parsing: Array(note.encoded.utf8))
        #expect(read == note)
        try read.verify(with: [VerifierKey(parsing: Self.key)])
    }

    @Test("has at most 64 KiB and 64 signatures")
    func limits() throws {
        let signature = try NoteSignature(name: KeyName("a"), keyID: 1, bytes: [1])
        _ = try SignedNote(text: "text\n", signatures: .init(repeating: signature, count: 64))
        #expect(throws: LogError(.badNote, "")) {
            try SignedNote(text: "text\n", signatures: .init(repeating: signature, count: 65))
        }
        let line = String(repeating: signature.line, count: 65)
        #expect(throws: LogError(.badNote, "")) { try SignedNote(parsing: Array("text\n\n\(line)".utf8)) }
        #expect(throws: LogError(.badNote, "")) { try SignedNote(text: "text\n", signatures: []) }

        let rest = SignedNote.maximumLength - 2 - signature.line.utf8.count
        let longest = String(repeating: "x", count: rest) + "\n"
        let note = try SignedNote(text: longest, signatures: [signature])
        #expect(note.encoded.utf8.count == 65_536)
        #expect(try SignedNote(parsing: Array(note.encoded.utf8)) == note)
        #expect(throws: LogError(.badNote, "")) { try SignedNote(text: "x" + longest, signatures: [signature]) }
        #expect(throws: LogError(.badNote, "")) { try SignedNote(parsing: Array("x\(note.encoded)".utf8)) }
    }

    @Test("passes over signatures of unknown keys, even of the same name or id, but needs one of a known key")
    func unknownKeys() throws {
        let note = try Self.signer().sign(Self.text)
        let key = try VerifierKey(parsing: Self.key)
        let sameName = NoteSignature(name: key.name, keyID: key.id ^ 1, bytes: [1])
        let sameID = try NoteSignature(name: KeyName("Other"), keyID: key.id, bytes: [1])
        #expect(try note.adding([sameName, sameID]).verify(with: [key]) == note.signatures)
        let foreign = try SignedNote(text: note.text, signatures: [sameName, sameID])
        #expect(throws: LogError(.notSigned, "")) { try foreign.verify(with: [key]) }
        #expect(throws: LogError(.notSigned, "")) { try note.verify(with: []) }
    }

    @Test("with one wrong signature of a known key is refused as a whole")
    func wrongSignature() throws {
        let note = try Self.signer().sign(Self.text)
        let key = try VerifierKey(parsing: Self.key)
        let wrong = NoteSignature(name: key.name, keyID: key.id, bytes: .init(repeating: 0, count: 64))
        #expect(throws: LogError(.badSignature, "")) { try note.adding([wrong]).verify(with: [key]) }
    }

    @Test("is another one if a name is written with other characters that look the same")
    func equivalentNames() throws {
        let composed = try KeyName("caf\u{e9}.example")
        let decomposed = try KeyName("cafe\u{301}.example")
        #expect(composed != decomposed)
        let note = try Self.signer(composed.text).sign(Self.text)
        #expect(throws: LogError(.notSigned, "")) {
            try note.verify(with: [Self.signer(decomposed.text).verifierKey])
        }
    }

    @Test("names no private key when its signer is printed")
    func redacted() throws {
        let signer = try Self.signer()
        #expect("\(signer)" == "NoteSigner(\(Self.key))")
        var dumped = ""
        dump(signer, to: &dumped)
        #expect(!dumped.contains("rivate"))
    }
}
