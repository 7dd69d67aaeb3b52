import EnclaveLink
import Synchronization
import Testing

@testable import Enclave

/// Keeps what the enclave answered.
private final class KeptAnswers: AnswerSink {
    let frames = Mutex<[[UInt8]]>([])
    func add(_ frame: [UInt8]) { frames.withLock { $0.append(frame) } }
    func flush() {}
}

@Suite("a hostile host")
struct HostileHostTests {
    private static let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 10)

    private static func core() throws -> EnclaveCore {
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 3, count: 32)))
        return try EnclaveCore(
            EnclaveParts(
                masterKeys: MasterKeys(lasting: master, newestKey: master),
                keeper: MemoryKeeper(master, randomness: SystemRandomness()), isolation: .none,
                courier: RecordingCourier { _ in .accepted(provider: "inbox") }))
    }

    private static func frames() throws -> [[UInt8]] {
        let record = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: [UInt8](repeating: 1, count: 64))
        let token = IdentityTokenRequest(issuer: "i", audience: "a", keyIdentifier: "k", lifetime: 60)
        let make = MakeChallenge(
            workspace: "ws_1", challenge: "ch_1", mode: .test,
            contact: ContactAddress(kind: .phone, value: "+919876543210"), channels: [.sms],
            format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5)
        return try [
            Greet().frame(identifier: 1), make.frame(identifier: 2),
            RevealTestCode(challenge: record).frame(identifier: 3),
            DeliverChallenge(challenge: record, channel: .sms, provider: "inbox", wording: wording, deadline: 100)
                .frame(identifier: 4),
            AttemptChallenge(challenge: record, code: PresentedCode("1"), token: token).frame(identifier: 5),
            LoadSigningKey(purpose: .identity, keyIdentifier: "k", sealed: [1]).frame(identifier: 6),
            ForgetSigningKey(keyIdentifier: "k").frame(identifier: 7),
        ] + sealedFrames()
    }

    private static func sealedFrames() throws -> [[UInt8]] {
        let client = try SealedClient()
        let scope = TokenScope(workspace: "ws_1", flow: .turnkey, mode: .test, issuer: "i", organization: "o")
        let token = VerificationToken("e30.e30.e30")
        let attempt = AttemptSealedChallenge(
            challenge: SealedRecord(workspace: "ws_1", record: "ch_1", sealed: [2] + [UInt8](repeating: 1, count: 64)),
            flow: .turnkey, attempt: try client.seal("123456", to: client.key),
            token: VerificationTokenRequest(
                identifier: "t", keyIdentifier: "k", issuer: "i", organization: "o", lifetime: 60))
        let session = SignSession(
            token: token, scope: scope, proof: .possession("e30.e30.e30", method: "POST", addresses: ["https://a/"]),
            sessionKey: client.key, user: "u", session: "s", lifetime: 60, keyIdentifier: "k")
        return [
            try attempt.frame(identifier: 8), try session.frame(identifier: 9),
            try CheckVerificationToken(token: token, scope: scope, signUp: client.message("{}")).frame(identifier: 10),
            try EndorseSigningKey(purpose: .enclave, signer: "a", successor: "b", issuer: "i").frame(identifier: 11),
        ]
    }

    @Test("whatever frame it sends is answered once under its own number, or ends the conversation")
    func damagedFrames() throws {
        let core = try Self.core()
        var generator = SystemRandomNumberGenerator()
        for frame in try Self.frames() {
            for _ in 0..<500 {
                var body = Array(frame.dropFirst(4))
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    body[Int.random(in: 0..<body.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                body = Array(body.prefix(Int.random(in: 0...body.count, using: &generator)))
                // Making RSA keys is slow, and a changed kind byte may ask for one.
                if body.count > 8, body[8] == RequestKind.createSigningKey.rawValue { continue }
                let answers = KeptAnswers()
                guard (try? core.receive(body[...], answers: answers)) != nil else { continue }
                let kept = answers.frames.withLock { $0 }
                #expect(kept.count <= 1)
                for answer in kept { #expect(Array(answer[4..<12]) == Array(body[..<8])) }
            }
        }
    }

    @Test("a full queue of signatures refuses attempts before they are counted")
    func fullQueue() async throws {
        struct FullQueue: JobQueue {
            var hasRoom: Bool { false }
            func submit(_ job: @escaping @Sendable () -> Void) -> Bool { false }
        }
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 3, count: 32)))
        let core = try EnclaveCore(
            EnclaveParts(
                masterKeys: MasterKeys(lasting: master, newestKey: master),
                keeper: MemoryKeeper(master, randomness: SystemRandomness()), isolation: .none,
                courier: RecordingCourier { _ in .accepted(provider: "inbox") }, signing: FullQueue(),
                keyMaking: FullQueue()))
        let answers = KeptAnswers()
        for frame in [
            try Self.frames()[4], try CreateSigningKey(purpose: .identity, algorithm: .es256).frame(identifier: 8),
        ] {
            try core.receive(frame.dropFirst(4), answers: answers)
        }
        let refusals = answers.frames.withLock { $0 }
        #expect(
            refusals == [
                try Envelope.failed(5, EnclaveError(.overloaded)), try Envelope.failed(8, EnclaveError(.overloaded)),
            ])
    }
}
