import Encodings
import JOSE
import SealedPasscodes
import Testing

@Suite("target tokens")
struct TargetTokenTests {
    private static let now: Int64 = 1_800_000_000_000
    private let signer = TestKey()
    private let pinned: P256PublicKey
    private let content: TargetBundle.Content

    init() throws {
        pinned = try signer.publicKey
        content = TargetBundle.Content(
            target: try TestKey().publicKey, organization: "ws_1", challenge: "ch_1", expiresAt: 1_800_000_300_000)
    }

    private func header(_ type: String = "target+jwt", algorithm: String = "ES256", more: String = "") -> String {
        #"{"alg":"\#(algorithm)","kid":"\#(pinned.thumbprint)","typ":"\#(type)"\#(more)}"#
    }

    private var payload: String {
        String(decoding: TargetToken.payload(content, issuer: "https://id.example.com"), as: UTF8.self)
    }

    private func read(_ token: String, challenge: String = "ch_1", now: Int64 = now) throws -> TargetToken {
        try TargetToken(token, pinned: pinned, challenge: challenge, now: now)
    }

    @Test("a token of the pinned signer says what was signed")
    func reads() throws {
        #expect(try read(signer.compact(header: header(), payload: payload)).content == content)
    }

    @Test("a token of another signer is refused, under its own name or the pinned one's")
    func otherSigner() throws {
        let other = TestKey()
        let own = #"{"alg":"ES256","kid":"\#(try other.publicKey.thumbprint)","typ":"target+jwt"}"#
        #expect(throws: SealedPasscodeError(.wrongSigner)) { try read(other.compact(header: own, payload: payload)) }
        #expect(throws: SealedPasscodeError(.signatureInvalid)) {
            try read(other.compact(header: header(), payload: payload))
        }
    }

    @Test("another type, algorithm or critical header is refused")
    func headers() throws {
        for header in [
            header("JWT"), header("verification+jwt"), header("key-endorsement+jwt"), header(algorithm: "none"),
            header(algorithm: "RS256"), header(algorithm: "HS256"), header(more: #","crit":["exp"]"#),
            #"{"alg":"ES256","kid":"\#(pinned.thumbprint)"}"#,
        ] {
            #expect(throws: SealedPasscodeError(.malformedBundle)) {
                try read(signer.compact(header: header, payload: payload))
            }
        }
    }

    @Test("a DER signature, a changed part or a missing one is refused")
    func parts() throws {
        let whole = try signer.compact(header: header(), payload: payload)
        let parts = whole.split(separator: ".").map(String.init)
        let input = Array("\(parts[0]).\(parts[1])".utf8)
        let der = JSONWebSignature.assemble(signingInput: input, signature: try signer.der(input))
        #expect(throws: SealedPasscodeError(.signatureInvalid)) { try read(der) }
        let moved = payload.replacing("ch_1", with: "ch_2")
        #expect(throws: SealedPasscodeError(.signatureInvalid)) {
            try read("\(parts[0]).\(Base64URL.encode(Array(moved.utf8))).\(parts[2])", challenge: "ch_2")
        }
        for text in ["", "..", "\(parts[0]).\(parts[1])", whole + ".", whole + "=", "a" + whole] {
            #expect(throws: SealedPasscodeError(.malformedBundle)) { try read(text) }
        }
    }

    @Test("a token of another challenge is refused, and one that is over")
    func place() throws {
        let token = try signer.compact(header: header(), payload: payload)
        #expect(throws: SealedPasscodeError(.wrongChallenge)) { try read(token, challenge: "ch_2") }
        #expect(try read(token, now: content.expiresAt - 1).content == content)
        #expect(throws: SealedPasscodeError(.expired)) { try read(token, now: content.expiresAt) }
    }

    @Test("a signed payload that is not what it should be is refused")
    func payloads() throws {
        for (part, changed) in [
            (#""exp":1800000300"#, #""exp":"1800000300""#), (#""exp":1800000300"#, #""exp":9223372036854775807"#),
            (#""exp":1800000300"#, #""exp":-9223372036854775808"#),
            (#""crv":"P-256""#, #""crv":"P-384""#), (#""kty":"EC""#, #""kty":"OKP""#),
            (#""sub":"ch_1""#, #""sub":1"#), (#""jwk":"#, #""key":"#), (#""jwk":{"#, #""jwk":{"d":"AA","#),
        ] {
            let payload = payload.replacing(part, with: changed)
            #expect(payload != self.payload)
            #expect(throws: SealedPasscodeError(.malformedBundle)) {
                try read(signer.compact(header: header(), payload: payload))
            }
        }
    }
}
