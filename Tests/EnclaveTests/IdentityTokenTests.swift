import Enclave
import EnclaveLink
import JOSE
import Testing

@Suite("identity tokens")
struct IdentityTokenTests {
    @Test(
        "a token verifies under the published key and says whom, how and for whom", arguments: SigningAlgorithm.allCases
    )
    func verifies(algorithm: SigningAlgorithm) async throws {
        let subject = try await EnclaveUnderTest()
        let key = try await subject.enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: algorithm))
        let (record, code) = try await subject.make()
        let attempt = AttemptChallenge(challenge: record, code: PresentedCode(code), token: subject.token(key))
        let token = try #require(try await subject.enclave.call(attempt).token)
        let claims = try Self.claims(token, key)
        let now = Double(subject.clock.now.unixMilliseconds / 1000)
        #expect(claims.issuer == "https://id.example.com")
        #expect(claims.audience == ["ws_1"])
        #expect(claims.issuedAt == now && claims.notBefore == now && claims.expiration == now + 60)
        #expect(claims["phone"]?.text == "+919876543210" && claims["email"] == nil)
        #expect(claims["amr"]?.elements?.map(\.text) == ["otp", "sms"])
        #expect(claims["acr"]?.text == "urn:countersign:acr:telephone")
        #expect(claims.identifier?.utf8.count == 22)
        #expect(claims["test"] == JSONValue.boolean(true))
    }

    @Test("the key identifier is the RFC 7638 thumbprint of the published key", arguments: SigningAlgorithm.allCases)
    func thumbprint(algorithm: SigningAlgorithm) async throws {
        let subject = try await EnclaveUnderTest()
        let created = try await subject.enclave.call(CreateSigningKey(purpose: .identity, algorithm: algorithm))
        let key = try JSONWebKey(json: Array(created.publicKey.utf8))
        #expect(key.thumbprint == created.keyIdentifier && key.identifier == created.keyIdentifier)
        #expect(created.publicPoint.count == (algorithm == .es256 ? 65 : 0))
        if case .rsa(let modulus, _) = key.material {
            #expect(modulus.count == (algorithm == .rs256With2048Bits ? 256 : 384))
        }
    }

    @Test("each channel is labelled for what it is")
    func labels() async throws {
        let expected: [Channel: ([String], String)] = [
            .sms: (["otp", "sms"], "telephone"), .voice: (["otp", "tel"], "telephone"),
            .whatsapp: (["otp", "whatsapp"], "messenger"), .email: (["otp", "email"], "email"),
        ]
        let subject = try await EnclaveUnderTest()
        for channel in Channel.allCases {
            let claims = try await Self.claims(subject, "ch_\(channel)", channel: channel)
            let (methods, context) = try #require(expected[channel])
            #expect(claims["amr"]?.elements?.map(\.text) == methods)
            #expect(claims["acr"]?.text == "urn:countersign:acr:\(context)")
        }
    }

    @Test("a subject is stable for a contact in a workspace and tells nothing across workspaces or modes")
    func pairwise() async throws {
        let subject = try await EnclaveUnderTest()
        let first = try await Self.claims(subject, "ch_1").subject
        #expect(first?.utf8.count == 43)
        #expect(try await Self.claims(subject, "ch_2").subject == first)
        #expect(try await Self.claims(subject, "ch_3", workspace: "ws_2").subject != first)
        #expect(try await Self.claims(subject, "ch_4", contact: "+919876543211").subject != first)
        let (token, key) = try await Self.liveToken()
        #expect(try Self.claims(token, key).subject != first)
        #expect(try Self.claims(token, key)["test"] == nil)
    }

    @Test("a contact with quotes and control characters stays one JSON string")
    func escaping() async throws {
        let subject = try await EnclaveUnderTest()
        let contact = "a\"},{\\\u{1}\n@例え.jp"
        #expect(try await Self.claims(subject, "ch_1", channel: .email, contact: contact)["email"]?.text == contact)
    }

    @Test("no two tokens carry the same identifier")
    func identifiers() async throws {
        let subject = try await EnclaveUnderTest()
        var seen: Set<String> = []
        for round in 0..<50 {
            let claims = try await Self.claims(subject, "ch_\(round)")
            seen.insert(try #require(claims.identifier))
        }
        #expect(seen.count == 50)
    }

    @Test(
        "a token's lifetime and names have bounds, and a refusal counts no attempt", arguments: [0, 601, -1, Int.max])
    func bounds(lifetime: Int) async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 1)
        let attempt = AttemptChallenge(
            challenge: record, code: PresentedCode(code), token: subject.token(lifetime: lifetime))
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await subject.enclave.call(attempt) }
        #expect(try await subject.attempt(record, code).token != nil)
    }

    private static func claims(_ token: IdentityToken, _ key: CreatedSigningKey) throws -> JSONWebTokenClaims {
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(key.publicKey.utf8))])
        let verified = try JSONWebSignatureVerifier(keys: keys).verify(token.value)
        #expect(verified.header.isOfType("identity+jwt"))
        return try JSONWebTokenClaims(json: verified.payload)
    }

    private static func claims(
        _ subject: EnclaveUnderTest, _ challenge: String, workspace: String = "ws_1", channel: Channel = .sms,
        contact: String = "+919876543210"
    ) async throws -> JSONWebTokenClaims {
        var request = subject.makeRequest(challenge)
        request.workspace = workspace
        request.channels = [channel]
        request.contact = ContactAddress(kind: channel == .email ? .email : .phone, value: contact)
        let made = try await subject.enclave.call(request)
        let record = SealedRecord(workspace: workspace, record: challenge, sealed: made.sealed)
        let code = try #require(made.testCode).value
        return try claims(try #require(try await subject.attempt(record, code).token), subject.testKey)
    }

    /// A live token for the same contact and workspace under the same master key.
    private static func liveToken() async throws -> (IdentityToken, CreatedSigningKey) {
        let (codes, inbox) = AsyncStream.makeStream(of: DeliveredCode.self)
        let subject = try await EnclaveUnderTest { delivered in
            inbox.yield(delivered)
            return .accepted(provider: "inbox")
        }
        let made = try await subject.enclave.call(subject.makeRequest(mode: .live))
        let record = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed)
        let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 10)
        _ = try await subject.enclave.call(
            DeliverChallenge(challenge: record, channel: .sms, provider: "inbox", wording: wording, deadline: 5000))
        let code = try #require(await codes.first { _ in true }).code
        let attempt = AttemptChallenge(
            challenge: record, code: PresentedCode(code), token: subject.token(subject.liveKey))
        return (try #require(try await subject.enclave.call(attempt).token), subject.liveKey)
    }
}
