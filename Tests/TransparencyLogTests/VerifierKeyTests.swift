import Testing

@testable import TransparencyLog

@Suite("A verifier key")
struct VerifierKeyTests {
    @Test("is read as it is written")
    func roundTrip() throws {
        let key = try VerifierKey(parsing: SignedNoteTests.key)
        #expect(key.name.text == "PeterNeumann")
        #expect(key.id == 0xc74f_20a3)
        #expect(key.algorithm == .ed25519)
        #expect(key.text == SignedNoteTests.key)
        let witness = try VerifierKey(
            name: KeyName("witness.example/w1"), algorithm: .cosignature, publicKey: key.publicKey)
        #expect(try VerifierKey(parsing: witness.text) == witness)
        #expect(witness.id != (try VerifierKey(name: witness.name, publicKey: key.publicKey)).id)
    }

    @Test("is refused with any part of it missing, any character changed, or of another type")
    func malformed() {
        let text = SignedNoteTests.key
        for start in text.indices {
            for end in text.indices[start...] where (start, end) != (text.startIndex, text.endIndex) {
                #expect(throws: LogError(.badKey, "")) { try VerifierKey(parsing: String(text[start..<end])) }
            }
        }
        for index in text.utf8.indices.indices {
            var bytes = Array(text.utf8)
            bytes[text.utf8.distance(from: text.startIndex, to: index)] += 1
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(throws: LogError(.badKey, ""), "\(changed)") { try VerifierKey(parsing: changed) }
        }
        for other in [
            // A key that is too long, and an unknown type, each with the id that it would have.
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            text.replacing("c74f20a3", with: "C74F20A3"), text.replacing("Peter", with: "Peter "), text + "\n",
        ] {
            #expect(throws: LogError(.badKey, ""), "\(other)") { try VerifierKey(parsing: other) }
        }
    }
}
