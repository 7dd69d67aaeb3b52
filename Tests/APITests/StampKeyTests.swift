import Crypto
import Fixtures
import HTTPServer
import SealedPasscodes
import Testing
import Workspaces

@Suite("Stamp keys")
struct StampKeyTests {
    private static func point() throws -> P256PublicKey {
        try P256PublicKey(point: Array(P256.Signing.PrivateKey().publicKey.x963Representation))
    }

    private func register(_ publicKey: String?, kind: String = "stamp", on server: TestServer) async
        -> TestServer.Answer
    {
        let member = publicKey.map { #","public_key":"\#($0)""# } ?? ""
        return await server.call(
            .POST, "/v1/keys", key: server.operatorKey, body: #"{"kind":"\#(kind)","name":"back end"\#(member)}"#)
    }

    @Test("a registered key is listed by its last digits, has no secret text, and ends when it is revoked")
    func life() async throws {
        let server = try await TestServer()
        let point = try Self.point()
        let created = await register(point.compressedHexadecimal, on: server)
        #expect(created.status == 201 && created.text("kind") == "stamp" && created.text("key") == nil)
        #expect(created.text("hint") == String(point.compressedHexadecimal.suffix(8)))
        #expect(await server.call(.GET, "/v1/keys", key: server.operatorKey).text.contains(#""kind":"stamp""#))
        #expect(try await server.installation.keys.caller(stampedBy: point).workspace.id == server.workspace.id)
        let id = try #require(created.text("id"))
        #expect(await server.call(.DELETE, "/v1/keys/\(id)", key: server.operatorKey).status == 204)
        await #expect(throws: WorkspaceError.keyRevoked()) {
            try await server.installation.keys.caller(stampedBy: point)
        }
    }

    @Test("a key is registered once, in whatever workspace and whatever case its digits are")
    func duplicate() async throws {
        let server = try await TestServer()
        let point = try Self.point().compressedHexadecimal
        #expect(await register(point, on: server).status == 201)
        for again in [point, point.uppercased()] {
            let answer = await register(again, on: server)
            #expect(answer.status == 409 && answer.code == "key_registered")
        }
    }

    @Test("a point of another curve, or of none, is told from a misspelt one")
    func offCurve() async throws {
        let server = try await TestServer()
        let offCurve = await register("02" + String(repeating: "ff", count: 32), on: server)
        #expect(offCurve.text("detail")?.contains("no point of P-256 (secp256r1)") == true)
        let misspelt = await register("02" + String(repeating: "ff", count: 31), on: server)
        #expect(misspelt.text("detail")?.contains("02 or 03 and x, 66 hexadecimal digits") == true)
    }

    @Test("an uncompressed key is refused with the form that is wanted")
    func uncompressed() async throws {
        let server = try await TestServer()
        let answer = await register(try Self.point().uncompressedHexadecimal, on: server)
        #expect(answer.status == 422 && answer.code == "invalid_field")
        #expect(answer.text("detail")?.contains("uncompressed") == true)
        #expect(answer.text("detail")?.contains("66 hexadecimal digits") == true)
    }

    @Test(
        "what is no compressed point of P-256 is no key",
        arguments: [
            "", "02", "zz", String(repeating: "0", count: 66), "05" + String(repeating: "11", count: 32),
            "02" + String(repeating: "ff", count: 32), "03" + String(repeating: "11", count: 31), "MFkwEwYHKoZIzj0CAQ",
        ])
    func malformed(_ text: String) async throws {
        let server = try await TestServer()
        let answer = await register(text, on: server)
        #expect(answer.status == 422 && answer.code == "invalid_field", "\(answer.text)")
    }

    @Test("a stamp key without public key is refused, and so is any other kind with one")
    func wrongKind() async throws {
        let server = try await TestServer()
        let missing = await register(nil, on: server)
        #expect(missing.status == 422 && missing.code == "missing_field")
        for kind in ["live", "test", "operator"] {
            let answer = await register(try Self.point().compressedHexadecimal, kind: kind, on: server)
            #expect(answer.status == 422 && answer.code == "invalid_field")
        }
    }
}
