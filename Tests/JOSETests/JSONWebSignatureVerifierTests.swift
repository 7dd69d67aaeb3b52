import JOSE
import Testing

@Suite struct JSONWebSignatureVerifierTests {
    private let key = SigningKey.p256("k1")

    private func verifier(
        _ keys: [JSONWebKey]? = nil, algorithms: Set<SignatureAlgorithm> = [.rs256, .es256]
    ) throws -> JSONWebSignatureVerifier {
        JSONWebSignatureVerifier(keys: try JSONWebKeySet(keys ?? [key.publicKey]), algorithms: algorithms)
    }

    private func compact(_ members: String) throws -> String {
        try key.compact(header: #"{"alg":"ES256","kid":"k1"\#(members)}"#, payload: "{}")
    }

    @Test("signatures of both algorithms verify, each with the key that kid names")
    func bothAlgorithms() throws {
        let rsa = try SigningKey.rsa("r1")
        let verifier = try verifier([rsa.publicKey, key.publicKey, SigningKey.p256("k2").publicKey])
        let byRSA = try verifier.verify(rsa.compact(header: #"{"alg":"RS256","kid":"r1"}"#, payload: "rsa"))
        #expect(byRSA.key == rsa.publicKey)
        let byP256 = try verifier.verify(key.compact(header: #"{"alg":"ES256","kid":"k1"}"#, payload: "p256"))
        #expect(byP256.key == key.publicKey)
        #expect(byP256.payload == Array("p256".utf8))
    }

    @Test("a correct signature by an algorithm outside the allow-list is refused")
    func allowList() throws {
        #expect(throws: JOSEError(.algorithmNotAllowed)) { try verifier(algorithms: [.rs256]).verify(compact("")) }
    }

    @Test(
        "no algorithm but RS256 and ES256 exists, in any spelling",
        arguments: ["none", "None", "nOnE", "HS256", "RS512", "PS256", "ES384", "EdDSA", "es256", ""])
    func unknownAlgorithms(name: String) throws {
        let text = try key.compact(header: #"{"alg":"\#(name)","kid":"k1"}"#, payload: "{}")
        #expect(throws: JOSEError(.algorithmNotAllowed)) { try verifier().verify(text) }
    }

    @Test("any critical header is refused, though the signature is right", arguments: ["[\"b64\"]", "[]", "1", "null"])
    func critical(value: String) throws {
        let text = try compact(#","crit":\#(value)"#)
        #expect(throws: JOSEError(.unknownCriticalHeader)) { try verifier().verify(text) }
    }

    @Test("a header that names a member twice is refused, though the signature is right")
    func duplicateHeaderMember() throws {
        let text = try compact(#","alg":"ES256""#)
        #expect(throws: JOSEError(.duplicateMember)) { try verifier().verify(text) }
    }

    @Test("a key that the token brings along is never used")
    func embeddedKey() throws {
        let attacker = SigningKey.p256("k1")
        for members in [
            #""jwk":\#(attacker.publicKey.json)"#, #""jku":"https://attacker.example/jwks.json""#,
            #""x5u":"https://attacker.example/cert""#, #""x5c":["AQAB"]"#,
        ] {
            let forged = try attacker.compact(header: #"{"alg":"ES256","kid":"k1",\#(members)}"#, payload: "{}")
            #expect(throws: JOSEError(.signatureInvalid)) { try verifier().verify(forged) }
            // The same members in a token of the right key change nothing either.
            _ = try verifier().verify(compact(",\(members)"))
        }
    }

    @Test("an unknown kid, and a kid of a key for the other algorithm, find no key")
    func unknownKey() throws {
        let rsa = try SigningKey.rsa("r1")
        let verifier = try verifier([key.publicKey, rsa.publicKey])
        for kid in ["k2", "r1", "K1", ""] {
            let text = try key.compact(header: #"{"alg":"ES256","kid":"\#(kid)"}"#, payload: "{}")
            #expect(throws: JOSEError(.unknownKey)) { try verifier.verify(text) }
        }
    }

    @Test("one changed bit anywhere in payload or signature, or a cut signature, is noticed")
    func changedBits() throws {
        let text = try compact("")
        let parts = text.split(separator: ".").map(String.init)
        let signature = try Base64URL.decode(parts[2])
        for position in signature.indices {
            var changed = signature
            changed[position] ^= 1
            let forged = "\(parts[0]).\(parts[1]).\(Base64URL.encode(changed))"
            #expect(throws: JOSEError(.signatureInvalid)) { try verifier().verify(forged) }
        }
        for wrong in [[], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 64)] {
            let forged = "\(parts[0]).\(parts[1]).\(Base64URL.encode(wrong))"
            #expect(throws: JOSEError(.signatureInvalid)) { try verifier().verify(forged) }
        }
        #expect(throws: JOSEError(.signatureInvalid)) { try verifier().verify("\(parts[0]).e30K.\(parts[2])") }
    }

    @Test("what is no compact form of three parts is refused")
    func shape() throws {
        let text = try compact("")
        for broken in ["", ".", "..", "a.b", text + ".", text + ".AA", " " + text, text + "\n", "{}"] {
            #expect(throws: JOSEError.self) { try verifier().verify(broken) }
        }
        #expect(throws: JOSEError(.tooLarge)) { try verifier().verify(text + String(repeating: "A", count: 65_536)) }
    }
}
