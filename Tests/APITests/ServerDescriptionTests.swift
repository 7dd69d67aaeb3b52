import EnclaveLink
import Fixtures
import JOSE
import SealedPasscodes
import Testing

@Suite("/.well-known/countersign")
struct ServerDescriptionTests {
    private static let address = "/.well-known/countersign"

    @Test("it names issuer, versions, suite and the keys to pin, and may be cached for 300 seconds")
    func content() async throws {
        let server = try await TestServer()
        let answer = await server.call(.GET, Self.address)
        #expect(answer.status == 200 && answer.headers["Cache-Control"] == "public, max-age=300")
        let json = try #require(answer.json)
        #expect(json["issuer"]?.text == Installation.issuer)
        #expect(json["jwks_uri"]?.text == Installation.issuer + "/.well-known/jwks.json")
        #expect(json["dialects"]?.elements?.compactMap { $0["name"]?.text } == ["otp-edge", "turnkey"])
        let suite = json["hpke"]
        #expect(["kem", "kdf", "aead"].map { suite?[$0]?["id"]?.double } == [16, 1, 2])
        #expect(suite?["info"]?.text == "turnkey_hpke" && suite?["aad"]?.text == "enc || pkR")
        #expect(json["endorsements"]?.elements?.isEmpty == true)
        for (member, mode) in [("signer_keys", ChallengeMode.live), ("test_signer_keys", .test)] {
            for (name, purpose) in [("enclave", SigningKeyPurpose.enclave(mode)), ("notary", .notary(mode))] {
                let pinned = try #require(server.installation.signingKeys.pinned(purpose))
                let keys = json[member]?[name]
                #expect(keys?["current"]?["point"]?.text == pinned.current)
                #expect(keys?["next"]?["point"]?.text == pinned.next)
                #expect(
                    try keys?["current"]?["kid"]?.text
                        == P256PublicKey(uncompressedHexadecimal: pinned.current).thumbprint)
            }
        }
    }

    @Test("a client that pinned the old key follows its own signature to the new one, over two rotations")
    func rotation() async throws {
        let server = try await TestServer()
        let first = try await enclaveKey(server)
        for _ in 1...2 {
            server.installation.time.advance(seconds: 86_400)
            let rotated = await server.call(
                .POST, "/v1/signing-keys/rotate", key: server.operatorKey, body: #"{"pinned":true}"#)
            #expect(rotated.status == 200)
        }
        let statements = try #require(
            await server.call(.GET, Self.address).json?["endorsements"]?.elements?.compactMap(\.text))
        var trusted = first
        for statement in statements {
            guard let next = try Self.successor(statement, of: trusted) else { continue }
            trusted = next
        }
        #expect(try await trusted == enclaveKey(server) && trusted != first)
        let party = try SealedParty.backEnd(server)
        #expect(try await party.openSession().answer.status == 201)
    }

    @Test("a rotation of the usual keys leaves those that clients pin as they are, and the other way round")
    func apart() async throws {
        let server = try await TestServer()
        let pinned = try await enclaveKey(server)
        let keySet = await server.call(.GET, "/.well-known/jwks.json").text
        #expect(
            await server.call(.POST, "/v1/signing-keys/rotate", key: server.operatorKey, body: #"{"pinned":true}"#)
                .status == 200)
        #expect(await server.call(.GET, "/.well-known/jwks.json").text == keySet)
        let now = try await enclaveKey(server)
        #expect(now != pinned)
        #expect(await server.call(.POST, "/v1/signing-keys/rotate", key: server.operatorKey).status == 200)
        #expect(try await enclaveKey(server) == now)
        #expect(await server.call(.GET, "/.well-known/jwks.json").text != keySet)
        let refused = await server.call(
            .POST, "/v1/signing-keys/rotate", key: server.operatorKey, body: #"{"pined":true}"#)
        #expect(refused.status == 422 && refused.code == "unknown_field")
    }

    private func enclaveKey(_ server: TestServer) async throws -> P256PublicKey {
        let json = await server.call(.GET, Self.address).json
        return try P256PublicKey(
            uncompressedHexadecimal: try #require(json?["signer_keys"]?["enclave"]?["current"]?["point"]?.text))
    }

    /// The key that a statement of `signer` says comes next; nil for another's statement.
    private static func successor(_ statement: String, of signer: P256PublicKey) throws -> P256PublicKey? {
        let key = try JSONWebKey(p256Uncompressed: signer.uncompressed).identifiedByThumbprint()
        let verifier = JSONWebSignatureVerifier(keys: try JSONWebKeySet([key]), algorithms: [.es256])
        guard let verified = try? verifier.verify(statement) else { return nil }
        #expect(verified.header.isOfType("key-endorsement+jwt"))
        let claims = try JSONValue(parsing: verified.payload)
        #expect(claims["purpose"]?.text == "enclave")
        let jwk = try JSONWebKey(try #require(claims["next"]?["jwk"]))
        guard case .p256(let x, let y) = jwk.material else { return nil }
        return try P256PublicKey(point: [4] + x + y)
    }
}
