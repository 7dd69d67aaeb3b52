import Crypto
import Encodings
import SealedPasscodes
import Testing
import Vectors

@Suite("P-256 public keys")
struct P256PublicKeyTests {
    private let key: P256PublicKey

    init() throws { key = try TestKey().publicKey }

    @Test("a key reads the same from each of its two spellings, whatever the sign of its y")
    func spellings() throws {
        for _ in 0..<64 {
            let secret = P256.Signing.PrivateKey()
            let key = try P256PublicKey(point: Array(secret.publicKey.x963Representation))
            #expect(key.uncompressed == Array(secret.publicKey.x963Representation))
            #expect(key.compressed == Array(secret.publicKey.compressedRepresentation))
            #expect(try P256PublicKey(point: key.compressed) == key)
            #expect(try P256PublicKey(compressedHexadecimal: key.compressedHexadecimal) == key)
            #expect(try P256PublicKey(uncompressedHexadecimal: key.uncompressedHexadecimal) == key)
            #expect(try P256PublicKey(compressedHexadecimal: key.compressedHexadecimal.uppercased()) == key)
        }
    }

    @Test("each spelling in the other's place gets its own error")
    func otherSpelling() {
        #expect(throws: SealedPasscodeError(.uncompressedPoint)) {
            try P256PublicKey(compressedHexadecimal: key.uncompressedHexadecimal)
        }
        #expect(throws: SealedPasscodeError(.compressedPoint)) {
            try P256PublicKey(uncompressedHexadecimal: key.compressedHexadecimal)
        }
    }

    @Test("what is no point of the curve is refused: cut, longer, beside the curve, infinity, of another curve")
    func noPoint() throws {
        let point = key.uncompressed
        let compressed = key.compressed
        let candidates: [[UInt8]] = [
            [], [0], [4], Array(point.dropLast()), point + [0], Array(compressed.dropLast()), compressed + [0],
            Curve.beside(point), [4] + [UInt8](repeating: 0, count: 64), [4] + [UInt8](repeating: 255, count: 64),
            [5] + point.dropFirst(), [6 | point[64] & 1] + point.dropFirst(), [4] + compressed.dropFirst(),
            [0] + compressed.dropFirst(), Array(point.dropFirst()), [2] + Curve.prime, Curve.ofP384,
            Curve.ofCurve25519, [2] + Curve.ofCurve25519 + [0],
        ]
        for candidate in candidates {
            #expect(throws: SealedPasscodeError(.malformedPoint)) { try P256PublicKey(point: candidate) }
        }
    }

    @Test("a coordinate that is not reduced is refused: a key has one spelling of each kind")
    func notReduced() throws {
        let point = try #require(try Curve.withSmallX())
        let x = Curve.sum(Array(point.compressed.dropFirst()), Curve.prime)
        #expect(throws: SealedPasscodeError(.malformedPoint)) { try P256PublicKey(point: [2] + x) }
        #expect(throws: SealedPasscodeError(.malformedPoint)) {
            try P256PublicKey(point: [4] + x + point.uncompressed[33...])
        }
    }

    @Test("text that is not hexadecimal is no point", arguments: ["zz", "0x", "  ", "é", "\u{ff10}2"])
    func notHexadecimal(text: String) {
        for spelling in [key.compressedHexadecimal, key.uncompressedHexadecimal] {
            let changed = text + spelling.dropFirst(2)
            #expect(throws: SealedPasscodeError(.malformedPoint)) { try P256PublicKey(compressedHexadecimal: changed) }
            #expect(throws: SealedPasscodeError(.malformedPoint)) {
                try P256PublicKey(uncompressedHexadecimal: changed)
            }
        }
    }

    @Test("a signature counts in its own encoding only, for its own message and key only")
    func signatures() throws {
        let signer = TestKey()
        let key = try signer.publicKey
        let message = Array("exactly these bytes".utf8)
        let (raw, der) = (try signer.raw(message), try signer.der(message))
        #expect(key.isValidSignature(raw: raw, for: message) && key.isValidSignature(der: der, for: message))
        #expect(!key.isValidSignature(raw: der, for: message) && !key.isValidSignature(der: raw, for: message))
        #expect(!self.key.isValidSignature(raw: raw, for: message))
        #expect(!key.isValidSignature(raw: raw, for: message + [32]))
        #expect(!key.isValidSignature(raw: [], for: message) && !key.isValidSignature(der: [], for: message))
        #expect(!key.isValidSignature(raw: raw + [0], for: message))
        #expect(!key.isValidSignature(der: der + [0], for: message))
        #expect(!key.isValidSignature(raw: [UInt8](repeating: 0, count: 64), for: message))
        for length in 0..<raw.count { #expect(!key.isValidSignature(raw: Array(raw.prefix(length)), for: message)) }
        for length in 0..<der.count { #expect(!key.isValidSignature(der: Array(der.prefix(length)), for: message)) }
        for position in raw.indices {
            var changed = raw
            changed[position] ^= 1
            #expect(!key.isValidSignature(raw: changed, for: message))
        }
    }

    @Test("a signature with the high s counts too: deployed clients do not normalise")
    func highS() throws {
        let signer = TestKey()
        let message = Array("message".utf8)
        var signature = try signer.raw(message)
        var borrow = 0
        for position in (0..<32).reversed() {
            let difference = Int(Curve.order[position]) - Int(signature[32 + position]) - borrow
            borrow = difference < 0 ? 1 : 0
            signature[32 + position] = UInt8(difference & 255)
        }
        #expect(try signer.publicKey.isValidSignature(raw: signature, for: message))
    }
}

@Suite("P-256 signatures of Wycheproof", .enabled(if: Wycheproof.isPresent, Comment(rawValue: Wycheproof.absent)))
struct P256SignatureVectorTests {
    private func check(
        _ name: String, _ isValid: (P256PublicKey, [UInt8], [UInt8]) -> Bool
    ) throws -> (outcome: WycheproofOutcome, count: Int) {
        let file = try Wycheproof.file(name, of: WycheproofCurveGroup.self)
        var outcome = WycheproofOutcome()
        for group in file.testGroups {
            let key = try P256PublicKey(point: try #require(group.point))
            for test in group.tests {
                let (message, signature) = (try #require(test.message), try #require(test.signature))
                outcome.note(test, accepted: isValid(key, signature, message), expected: test.isValid)
            }
        }
        return (outcome, file.numberOfTests)
    }

    @Test("DER: each vector as it should")
    func der() throws {
        let (outcome, count) = try check("ecdsa_secp256r1_sha256_test.json") {
            $0.isValidSignature(der: $1, for: $2)
        }
        #expect(outcome.run == count && outcome.accepted > 100)
        #expect(outcome.wrong.isEmpty)
    }

    @Test("r‖s: each vector as it should")
    func raw() throws {
        let (outcome, count) = try check("ecdsa_secp256r1_sha256_p1363_test.json") {
            $0.isValidSignature(raw: $1, for: $2)
        }
        #expect(outcome.run == count && outcome.accepted > 100)
        #expect(outcome.wrong.isEmpty)
    }
}
