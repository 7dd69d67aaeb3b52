import JOSE
import Testing

@Suite(.enabled(if: Wycheproof.isPresent, Wycheproof.absent)) struct WycheproofTests {
    private struct TokenGroup: Decodable {
        let `public`: AnyJSON?
        let `private`: AnyJSON?
        let tests: [WycheproofTest]
    }

    private struct CurveGroup: Decodable {
        struct Point: Decodable { let uncompressed: String }
        let publicKey: Point
        let tests: [WycheproofTest]
    }

    private struct RSAGroup: Decodable {
        let keyJwk: AnyJSON
        let tests: [WycheproofTest]
    }

    private struct Outcome {
        var run = 0
        var accepted = 0
        var wrong: [Int] = []

        mutating func note(_ test: WycheproofTest, accepted isAccepted: Bool, expected: Bool) {
            run += 1
            accepted += isAccepted ? 1 : 0
            if isAccepted != expected { wrong.append(test.tcId) }
        }
    }

    /// Checks each token with `keySet`; one that needs an algorithm outside RS256 and ES256 must be refused.
    private func check(
        _ group: TokenGroup, in outcome: inout Outcome, keySet: (AnyJSON) throws -> JSONWebKeySet
    ) throws {
        let keys = group.public.flatMap { try? keySet($0) }
        for test in group.tests {
            let token = try #require(test.jws)
            let isAccepted = keys.map { (try? JSONWebSignatureVerifier(keys: $0).verify(token)) != nil } ?? false
            outcome.note(test, accepted: isAccepted, expected: test.isValid && keys?.keys.isEmpty == false)
        }
    }

    @Test("JWS vectors: RS256 and ES256 as they should, every other algorithm refused")
    func signatures() throws {
        let file = try Wycheproof.file("json_web_signature_test.json", of: TokenGroup.self)
        var outcome = Outcome()
        for group in file.testGroups {
            try check(group, in: &outcome) { try JSONWebKeySet([JSONWebKey(json: $0.text)]) }
        }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.accepted == 10)
        #expect(outcome.wrong.isEmpty)
    }

    @Test("JWK vectors: small, weak, misplaced, duplicate and private keys are refused")
    func keys() throws {
        let file = try Wycheproof.file("json_web_key_test.json", of: TokenGroup.self)
        var outcome = Outcome()
        for group in file.testGroups { try check(group, in: &outcome) { try JSONWebKeySet(json: $0.text) } }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.accepted == 1)
        #expect(outcome.wrong.isEmpty)
        for group in file.testGroups where group.public == nil {
            let secret = try #require(group.private)
            #expect(throws: JOSEError(.privateKeyMaterial)) { try JSONWebKeySet(json: secret.text) }
        }
    }

    private func checkP256(
        _ name: String, expected: (WycheproofTest) -> Bool
    ) throws -> (outcome: Outcome, file: WycheproofFile<CurveGroup>) {
        let file = try Wycheproof.file(name, of: CurveGroup.self)
        var outcome = Outcome()
        for group in file.testGroups {
            let point = try #require(bytes(hexadecimal: group.publicKey.uncompressed))
            let key = try JSONWebKey(p256Uncompressed: point)
            for test in group.tests {
                let message = try #require(test.msg.flatMap(bytes(hexadecimal:)))
                let signature = try #require(test.sig.flatMap(bytes(hexadecimal:)))
                outcome.note(
                    test, accepted: key.isValidSignature(signature, for: message), expected: expected(test))
            }
        }
        return (outcome, file)
    }

    @Test("ECDSA P-256 vectors in r‖s form: each as it should")
    func p256() throws {
        let (outcome, file) = try checkP256("ecdsa_secp256r1_sha256_p1363_test.json") { $0.isValid }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.accepted > 100)
        #expect(outcome.wrong.isEmpty)
    }

    @Test("ECDSA P-256 vectors in DER form: all refused, valid ones too")
    func p256InDER() throws {
        let (outcome, file) = try checkP256("ecdsa_secp256r1_sha256_test.json") { _ in false }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.wrong.isEmpty)
    }

    @Test("RSA PKCS #1 v1.5 vectors of 2048 bits: each as it should, a missing NULL refused")
    func rsa() throws {
        let file = try Wycheproof.file("rsa_signature_2048_sha256_test.json", of: RSAGroup.self)
        var outcome = Outcome()
        for group in file.testGroups {
            let key = try JSONWebKey(json: group.keyJwk.text)
            for test in group.tests {
                let message = try #require(test.msg.flatMap(bytes(hexadecimal:)))
                let signature = try #require(test.sig.flatMap(bytes(hexadecimal:)))
                outcome.note(test, accepted: key.isValidSignature(signature, for: message), expected: test.isValid)
            }
        }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.accepted == 9)
        #expect(outcome.wrong.isEmpty)
    }
}
