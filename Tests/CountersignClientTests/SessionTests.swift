import Foundation
import SealedPasscodes
import Testing

@testable import CountersignClient

@Suite("Sessions")
struct SessionTests {
    private let played = PlayedServer()
    private let key = InMemoryKey()

    @Test("a session is opened and used with proofs by the key that the code was sealed with")
    func flow() async throws {
        let session = try await played.session(key)
        #expect(session.id == "se_1" && session.user == Session.User(id: "u-1", isNew: true))
        let state = try await played.client().sessions.current(session, key: key)
        #expect(state == SessionState(id: "se_1", user: "u-1", expiresAt: session.expiresAt))
        try await played.client().sessions.end(session, key: key)
        #expect(played.seen.proofs.allSatisfy { $0.key.compressedHexadecimal == key.publicKey.compressedHexadecimal })
        #expect(played.seen.sent.last?.headers["Authorization"] == "DPoP session-token")
    }

    @Test("no request of a session carries the app's or the back end's credential")
    func noCredential() async throws {
        let session = try await played.session(key)
        _ = try await played.client(credential: .secretKey("sk_live_secret")).sessions.current(session, key: key)
        let request = try #require(played.seen.sent.last)
        #expect(request.headers["X-Countersign-Config"] == nil)
        #expect(request.headers["Authorization"] == "DPoP session-token")
    }

    @Test("another key is refused before anything is sent")
    func wrongKey() async throws {
        let verification = try await played.verification(key)
        let session = try await played.client().sessions.open(verification, key: key)
        let before = played.seen.sent.count
        let (sessions, other) = (try played.client().sessions, InMemoryKey())
        await #expect(throws: CountersignError.code(.wrongKey)) { try await sessions.open(verification, key: other) }
        await #expect(throws: CountersignError.code(.wrongKey)) { try await sessions.current(session, key: other) }
        await #expect(throws: CountersignError.code(.wrongKey)) { try await sessions.end(session, key: other) }
        #expect(played.seen.sent.count == before)
    }

    @Test("each try carries a fresh proof: the server takes one only once")
    func freshProofs() async throws {
        let session = try await played.session(key)
        let network = ScriptedTransport(ScriptedTransport.answering(503))
        let client = try CountersignClient(
            ClientConfiguration(server: EnclaveDouble.issuer), transport: network, surroundings: .quick)
        await #expect(throws: CountersignError.self) { try await client.sessions.current(session, key: key) }
        let proofs = try network.sent.map { try PossessionProof(try #require($0.headers["DPoP"])).identifier }
        #expect(proofs.count == 3 && Set(proofs).count == 3)
    }

    @Test("headers for any other service prove method, address and token, and leave the query out")
    func headers() async throws {
        let session = try await played.session(key)
        let url = try #require(URL(string: "https://api.example.com/orders?page=2#top"))
        let headers = try await played.client().sessions.headers(method: "PUT", url: url, session: session, key: key)
        #expect(headers["Authorization"] == "DPoP session-token")
        let proof = try PossessionProof(try #require(headers["DPoP"]))
        try proof.check(
            .init(method: "PUT", addresses: ["https://api.example.com/orders"], token: "session-token"),
            now: Int64(played.surroundings.now.timeIntervalSince1970))
    }

    @Test("a session token is not sent over plain HTTP to another machine")
    func plainHeaders() async throws {
        let session = try await played.session(key)
        let url = try #require(URL(string: "http://api.example.com/orders"))
        await #expect(throws: CountersignError.code(.insecureAddress)) {
            try await played.client().sessions.headers(method: "GET", url: url, session: session, key: key)
        }
    }

    @Test("key and session come back from where they were kept, and work")
    func kept() async throws {
        let session = try await played.session(key)
        let restored = try InMemoryKey(representation: Secret(key.representation.reveal()))
        let again = try JSONDecoder().decode(Session.self, from: try JSONEncoder().encode(session))
        _ = try await played.client().sessions.current(again, key: restored)
        #expect(restored.publicKey == key.publicKey)
    }

    @Test("what is no key is refused", arguments: ["", "AAAA", "not base64url", String(repeating: "A", count: 43)])
    func noKey(_ text: String) {
        #expect(throws: CountersignError.code(.invalidKey)) { try InMemoryKey(representation: Secret(text)) }
        #expect(throws: CountersignError.code(.invalidKey)) { try PublicKey(text) }
    }

    @Test("a key that signs nothing, or something else, proves nothing")
    func brokenKey() async throws {
        struct Broken: ClientKey {
            let publicKey: PublicKey
            let answer: Data?
            func signature(for message: Data) throws -> Data {
                guard let answer else { throw CancellationError() }
                return answer
            }
        }
        let verification = try await played.verification(key)
        for answer in [nil, Data(), Data(count: 64)] {
            await #expect(throws: CountersignError.code(.keyUnavailable)) {
                try await played.client().sessions.open(
                    verification, key: Broken(publicKey: key.publicKey, answer: answer))
            }
        }
    }

    @Test("a back end ends any session of its workspace by name, and another one of the same user by its own")
    func ending() async throws {
        let session = try await played.session(key)
        try await played.client().sessions.end(session, key: key, other: "se_2")
        #expect(played.seen.sent.last?.url.path == "/v1/sessions/se_2")
        try await played.client(credential: .secretKey("sk_live_secret")).sessions.end(id: "se_1")
        #expect(played.seen.sent.last?.headers["Authorization"] == "Bearer sk_live_secret")
    }
}

extension Surroundings {
    /// The machine's own, without pauses.
    static var quick: Surroundings {
        var surroundings = Surroundings.system
        surroundings.wait = { _ in }
        return surroundings
    }
}
