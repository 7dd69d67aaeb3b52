import CountersignClient
import Foundation
import Testing

@Suite("Identity tokens")
struct IdentityTokenTests {
    private let server = KeySetServer()

    @Test("a good token says who it is about")
    func good() async throws {
        let identity = try await server.tokens().verify(server.token())
        #expect(identity.contact == .phone("+4915123456789"))
        #expect(identity.subject == "subject" && identity.identifier == "token-1" && !identity.isTest)
        #expect(identity.methods == ["otp", "sms"] && identity.assurance == "urn:countersign:acr:telephone")
        #expect(identity.expiresAt.timeIntervalSince(identity.issuedAt) == 60)
    }

    @Test(
        "what is no token of this server for this workspace is refused",
        arguments: [
            KeySetServer.Claims(issuer: "https://elsewhere.example.com"), .init(audience: "ws_other"),
            .init(lifetime: -10),
            .init(type: "session+jwt"), .init(type: "JWT"), .init(notBefore: 60), .init(test: true),
        ])
    func refused(_ claims: KeySetServer.Claims) async throws {
        let error = await #expect(throws: CountersignError.self) {
            try await server.tokens().verify(server.token(claims))
        }
        #expect(error?.code == (claims.lifetime < 0 ? .expired : .untrustedToken))
    }

    @Test("a token that somebody else signed, or nobody, is refused")
    func forged() async throws {
        let good = server.token().reveal()
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiaWRlbnRpdHkrand0In0.\(good.split(separator: ".")[1])."
        for text in [server.token(signedBy: SigningDouble()).reveal(), unsigned, String(good.dropLast(4)), "", "a.b.c"]
        {
            await #expect(throws: CountersignError.code(.untrustedToken)) {
                try await server.tokens().verify(Secret(text))
            }
        }
    }

    @Test("a token of a test key counts only where that is wanted, by the test keys")
    func testTokens() async throws {
        let token = server.token(.init(test: true), signedBy: server.testKey)
        await #expect(throws: CountersignError.code(.untrustedToken)) { try await server.tokens().verify(token) }
        #expect(server.fetched("/.well-known/jwks-test.json") == 0)
        #expect(try await server.tokens(acceptingTests: true).verify(token).isTest)
    }

    @Test("the key set is fetched once for many tokens, also where they come at the same time")
    func fetchedOnce() async throws {
        let tokens = try server.tokens()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...20 { group.addTask { _ = try await tokens.verify(server.token()) } }
            try await group.waitForAll()
        }
        _ = try await tokens.verify(server.token())
        #expect(server.fetched() == 1)
    }

    @Test(
        "the key set is kept for as long as the server says, and five minutes at most",
        arguments: [
            ("public, max-age=60", 60.0), ("max-age=86400", 300), ("no-store, max-age=0", 0), ("", 300),
            ("max-age=x", 300),
        ])
    func age(_ cacheControl: String, _ seconds: TimeInterval) async throws {
        let server = KeySetServer(cacheControl: cacheControl)
        let tokens = try server.tokens()
        _ = try await tokens.verify(server.token())
        server.surroundings.advance(seconds: seconds - 1)
        _ = try await tokens.verify(server.token())
        let early = server.fetched()
        server.surroundings.advance(seconds: 1)
        _ = try await tokens.verify(server.token())
        #expect(early == (seconds == 0 ? 2 : 1))
        #expect(server.fetched() == early + 1)
    }

    @Test("a key that is not in the set has it fetched anew, once")
    func rotated() async throws {
        let tokens = try server.tokens()
        _ = try await tokens.verify(server.token())
        server.surroundings.advance(seconds: 10)
        let next = SigningDouble()
        server.publish(next)
        _ = try await tokens.verify(server.token(signedBy: next))
        #expect(server.fetched() == 2)
    }

    @Test("whoever sends forged tokens does not make the client fetch for each")
    func flood() async throws {
        let tokens = try server.tokens()
        _ = try await tokens.verify(server.token())
        server.surroundings.advance(seconds: 10)
        for _ in 1...50 {
            _ = try? await tokens.verify(server.token(signedBy: SigningDouble()))
        }
        #expect(server.fetched() == 2)
    }

    @Test("without the key set no token counts")
    func unreachable() async throws {
        let scripted = try ScriptedClient(
            ScriptedTransport(ScriptedTransport.failing(.unreachable, mayHaveArrived: false)))
        await #expect(throws: CountersignError.code(.unreachable)) {
            try await scripted.client.identityTokens(audience: EnclaveDouble.workspace).verify(server.token())
        }
        let strange = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering(200, "<html>")))
        await #expect(throws: CountersignError.code(.answerUnreadable)) {
            try await strange.client.identityTokens(audience: EnclaveDouble.workspace).verify(server.token())
        }
    }

    @Test("the key set is fetched without any credential")
    func noCredential() async throws {
        _ = try await server.tokens().verify(server.token())
        #expect(server.requests.allSatisfy { $0.headers["Authorization"] == nil })
    }
}
