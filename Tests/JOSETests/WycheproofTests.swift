import JOSE
import Testing
import Vectors

@Suite(.enabled(if: Wycheproof.isPresent, Comment(rawValue: Wycheproof.absent))) struct WycheproofTests {
    private struct TokenGroup: Decodable {
        let `public`: AnyJSON?
        let `private`: AnyJSON?
        let tests: [WycheproofTest]
    }

    private struct RSAGroup: Decodable {
        let keyJwk: AnyJSON
        let tests: [WycheproofTest]
    }

    /// Checks each token with `keySet`; one that needs an algorithm outside RS256 and ES256 must be refused.
    private func check(
        _ group: TokenGroup, in outcome: inout WycheproofOutcome, keySet: (AnyJSON) throws -> JSONWebKeySet
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
        var outcome = WycheproofOutcome()
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
        var outcome = WycheproofOutcome()
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
    ) throws -> (outcome: WycheproofOutcome, file: WycheproofFile<WycheproofCurveGroup>) {
        let file = try Wycheproof.file(name, of: WycheproofCurveGroup.self)
        var outcome = WycheproofOutcome()
        for group in file.testGroups {
            let point = try #require(group.point)
            let key = try JSONWebKey(p256Uncompressed: point)
            for test in group.tests {
                let message = try #require(test.message)
                let signature = try #require(test.signature)
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
        var outcome = WycheproofOutcome()
        for group in file.testGroups {
            let key = try JSONWebKey(json: group.keyJwk.text)
            for test in group.tests {
                let message = try #require(test.message)
                let signature = try #require(test.signature)
                outcome.note(test, accepted: key.isValidSignature(signature, for: message), expected: test.isValid)
            }
        }
        #expect(outcome.run == file.numberOfTests)
        #expect(outcome.accepted == 9)
        #expect(outcome.wrong.isEmpty)
    }
}
