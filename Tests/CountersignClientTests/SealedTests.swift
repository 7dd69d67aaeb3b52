import CountersignClient
import Foundation
import SealedPasscodes
import Testing

@Suite("Sealed passcodes")
struct SealedTests {
    @Test("a person's code reaches the enclave sealed, and nothing on the way has it")
    func sealed() async throws {
        let played = PlayedServer()
        let key = InMemoryKey()
        _ = try await played.session(key)
        #expect(played.seen.opened.map(\.code) == [PlayedServer.code])
        #expect(played.seen.opened.first?.publicKey.compressedHexadecimal == key.publicKey.compressedHexadecimal)
        for request in played.seen.sent {
            #expect(!request.text.contains(PlayedServer.code))
            #expect(!request.headers.values.contains { $0.contains(PlayedServer.code) })
        }
    }

    @Test("each attempt is sealed anew")
    func freshSeal() async throws {
        let played = PlayedServer()
        let client = try played.client()
        let challenge = try await client.challenges.start(for: PlayedServer.contact)
        for _ in 1...2 { _ = try await client.challenges.attempt(PlayedServer.code, at: challenge, key: InMemoryKey()) }
        let attempts = played.seen.sent.suffix(2)
        #expect(Set(attempts.map { $0["encapsulated_key"] }).count == 2)
        #expect(Set(attempts.map { $0["ciphertext"] }).count == 2)
    }

    @Test("without a pinned signer nothing is sent")
    func noPin() async throws {
        let scripted = try ScriptedClient(ScriptedTransport(ScriptedTransport.answering()))
        await #expect(throws: CountersignError.code(.notConfigured)) {
            try await scripted.client.challenges.start(for: PlayedServer.contact)
        }
        #expect(scripted.network.sent.isEmpty)
    }

    /// What a host that was taken over may hand out for a target key.
    enum Lie: CaseIterable, Sendable {
        case otherSigner, otherChallenge, otherWorkspace, expired, changedSignature, changedKey, otherType, nothing

        var lies: PlayedServer.Lies {
            var lies = PlayedServer.Lies()
            switch self {
            case .otherSigner: lies.signer = SigningDouble()
            case .otherChallenge: lies.challenge = "ch_2"
            case .otherWorkspace: lies.organization = "ws_99999999999999999999"
            case .expired: lies.lifetime = 0
            case .changedSignature: lies.change = { $0.dropLast(8) + "AAAAAAAA" }
            case .changedKey: lies.change = { Self.exchangingPayload($0) }
            case .otherType: lies.change = { "\($0.split(separator: ".")[1])" }
            case .nothing: lies.change = { _ in "" }
            }
            return lies
        }

        var code: CountersignError.Code {
            switch self {
            case .otherSigner: .untrustedSigner
            case .expired: .expired
            default: .untrustedTarget
            }
        }

        /// Header and signature of the enclave, payload of somebody else.
        private static func exchangingPayload(_ token: String) -> String {
            let parts = token.split(separator: ".")
            let content = TargetBundle.Content(
                target: AgreementDouble().publicKey, organization: EnclaveDouble.workspace, challenge: "ch_1",
                expiresAt: 1_795_248_600_000)
            let other = SigningDouble().token(
                type: TargetToken.type, TargetToken.payload(content, issuer: EnclaveDouble.issuer))
            return "\(parts[0]).\(other.split(separator: ".")[1]).\(parts[2])"
        }
    }

    @Test("a target key that the pinned signer did not sign for this challenge gets no code", arguments: Lie.allCases)
    func lyingHost(_ lie: Lie) async throws {
        let played = PlayedServer(lie.lies)
        let client = try played.client(workspace: EnclaveDouble.workspace)
        await #expect(throws: CountersignError.code(lie.code)) {
            try await client.challenges.start(for: PlayedServer.contact)
        }
    }

    @Test("a challenge that was kept is checked again before a code is sealed to it")
    func keptChallenge() async throws {
        let honest = PlayedServer()
        let kept = try JSONEncoder().encode(try await honest.client().challenges.start(for: PlayedServer.contact))
        let challenge = try JSONDecoder().decode(Challenge.self, from: kept)
        let strict = try honest.client(signer: SigningDouble().publicKey)
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await strict.challenges.attempt(PlayedServer.code, at: challenge, key: InMemoryKey())
        }
        honest.surroundings.advance(seconds: 600)
        await #expect(throws: CountersignError.code(.expired)) {
            try await honest.client().challenges.attempt(PlayedServer.code, at: challenge, key: InMemoryKey())
        }
        #expect(honest.seen.opened.isEmpty)
    }

    @Test("a wrong code says how many attempts are left")
    func wrongCode() async throws {
        let client = try PlayedServer().client()
        let challenge = try await client.challenges.start(for: PlayedServer.contact)
        let error = await #expect(throws: CountersignError.self) {
            try await client.challenges.attempt("000000000", at: challenge, key: InMemoryKey())
        }
        #expect(error?.serverCode == .invalidCode)
        #expect(error?.attemptsRemaining == 2)
        #expect(error?.requestIdentifier == "played")
    }

    @Test("an app sends its configuration's name, a back end its key, and nobody both")
    func credentials() async throws {
        let played = PlayedServer()
        _ = try await played.client().challenges.start(for: PlayedServer.contact, captcha: "solved")
        _ = try await played.client(credential: .secretKey("sk_live_secret")).challenges.start(
            for: PlayedServer.contact, application: "Example", channel: .email)
        let (app, backEnd) = (played.seen.sent[0], played.seen.sent[1])
        #expect(app.headers["X-Countersign-Config"] == PlayedServer.configuration)
        #expect(app.headers["X-Captcha-Token"] == "solved")
        #expect(app.headers["Authorization"] == nil)
        #expect(app.text == #"{"contact":"ada@example.com"}"#)
        #expect(backEnd.headers["Authorization"] == "Bearer sk_live_secret")
        #expect(backEnd.headers["X-Countersign-Config"] == nil)
        #expect(backEnd.text == #"{"app":"Example","channel":"email","contact":"ada@example.com"}"#)
    }

    @Test("a challenge says how the code travels and until when it counts, and with a test key the code")
    func testCode() async throws {
        let played = PlayedServer()
        let challenge = try await played.client().challenges.start(for: PlayedServer.contact)
        #expect(challenge.id == "ch_1" && challenge.channel == .email && challenge.testCode == nil)
        #expect(challenge.expiresAt == played.surroundings.now.addingTimeInterval(600))
        var lies = PlayedServer.Lies()
        lies.testCode = PlayedServer.code
        let shown = try await PlayedServer(lies).client().challenges.start(for: PlayedServer.contact)
        #expect(shown.testCode?.reveal() == PlayedServer.code)
    }

    @Test("a challenge's name cannot lead to another path")
    func pathOfChallenge() async throws {
        let played = PlayedServer(PlayedServer.Lies())
        let kept = try JSONEncoder().encode(try await played.client().challenges.start(for: PlayedServer.contact))
        let evil = String(decoding: kept, as: UTF8.self).replacingOccurrences(of: "ch_1", with: "..\\/sessions?x")
        let challenge = try JSONDecoder().decode(Challenge.self, from: Data(evil.utf8))
        await #expect(throws: CountersignError.code(.untrustedTarget)) {
            try await played.client().challenges.attempt(PlayedServer.code, at: challenge, key: InMemoryKey())
        }
    }
}
