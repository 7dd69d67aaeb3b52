import EnclaveLink
import Synchronization
import Testing

@testable import Enclave

@Suite("challenges")
struct ChallengeTests {
    private static let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 10)

    @Test("what is out of range is refused", arguments: 0..<19)
    func ranges(rule: Int) async throws {
        let subject = try await EnclaveUnderTest()
        var request = subject.makeRequest()
        switch rule {
        case 0: request.lifetime = 0
        case 1: request.lifetime = 601
        case 2: request.attemptLimit = 0
        case 3: request.attemptLimit = 11
        case 4: request.format = CodeFormat(alphabet: .digits, length: 5)
        case 5: request.format = CodeFormat(alphabet: .base32, length: 10)
        case 6: request.workspace = ""
        case 7: request.challenge = String(repeating: "x", count: 129)
        case 8: request.contact = ContactAddress(kind: .phone, value: "")
        case 9: request.contact = ContactAddress(kind: .phone, value: String(repeating: "1", count: 255))
        case 10: request.channels = [.email]
        case 11: request.contact = ContactAddress(kind: .email, value: "a@example.com")
        case 12: request.lifetime = .min
        case 13: request.channels = []
        case 14: request.channels = [.sms, .sms]
        case 15: request.channels = [.sms, .email]
        case 16: request.claims = ChallengeClaims(purpose: String(repeating: "x", count: 65))
        case 17: request.claims = ChallengeClaims(binding: String(repeating: "x", count: 1025))
        default: request.attemptLimit = .max
        }
        let refused = request
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await subject.enclave.call(refused) }
    }

    @Test("only a test challenge shows its code, when it is made and again on request")
    func testCode() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        #expect(try await subject.enclave.call(RevealTestCode(challenge: record)) == TestCode(code))
        let live = try await subject.enclave.call(subject.makeRequest(mode: .live))
        #expect(live.testCode == nil)
        let liveRecord = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: live.sealed)
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await subject.enclave.call(RevealTestCode(challenge: liveRecord))
        }
        subject.clock.advance(seconds: 600)
        await #expect(throws: EnclaveError(.challengeNotAlive)) {
            _ = try await subject.enclave.call(RevealTestCode(challenge: record))
        }
    }

    @Test("a live code goes to the contact and channel sealed with it, the same one each time")
    func delivery() async throws {
        let seen = Mutex<[DeliveredCode]>([])
        let subject = try await EnclaveUnderTest { delivered in
            seen.withLock { $0.append(delivered) }
            return .accepted(provider: "inbox")
        }
        let made = try await subject.enclave.call(subject.makeRequest(mode: .live))
        let request = DeliverChallenge(
            challenge: SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed), channel: .sms,
            provider: "inbox", wording: Self.wording, deadline: 5000)
        for _ in 0..<2 { #expect(try await subject.enclave.call(request) == .accepted(provider: "inbox")) }
        let codes = seen.withLock { $0 }
        #expect(codes.count == 2 && codes[0] == codes[1])
        #expect(codes[0].contact.value == "+919876543210" && codes[0].channel == .sms)
    }

    @Test("nothing is delivered that nobody could use: expired, locked, spent, of another boot, or a test")
    func notAlive() async throws {
        let subject = try await EnclaveUnderTest { _ in
            Issue.record("delivered")
            return .accepted(provider: "inbox")
        }
        let made = try await subject.enclave.call(subject.makeRequest(mode: .live, limit: 1))
        let record = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed)
        let request = DeliverChallenge(
            challenge: record, channel: .sms, provider: "inbox", wording: Self.wording, deadline: 5000)
        let notAlive = DeliveryOutcome.failed(
            DeliveryFailure(provider: "", reason: .challengeNotAlive, providerStatus: 0, mayHaveArrived: false))
        let wrong = AttemptChallenge(
            challenge: record, code: PresentedCode("nonsense"), token: subject.token(subject.liveKey))
        #expect(try await subject.enclave.call(wrong) == .wrong)
        #expect(try await subject.enclave.call(request) == notAlive)

        let (test, _) = try await subject.make("ch_2")
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await subject.enclave.call(
                DeliverChallenge(
                    challenge: test, channel: .sms, provider: "inbox", wording: Self.wording, deadline: 5000))
        }
        let other = try await subject.enclave.call(subject.makeRequest("ch_3", mode: .live))
        let otherRecord = SealedRecord(workspace: "ws_1", record: "ch_3", sealed: other.sealed)
        let otherRequest = DeliverChallenge(
            challenge: otherRecord, channel: .sms, provider: "inbox", wording: Self.wording, deadline: 5000)
        subject.clock.advance(seconds: 600)
        #expect(try await subject.enclave.call(otherRequest) == notAlive)
        try subject.enclave.restart()
        #expect(try await subject.enclave.call(otherRequest) == notAlive)
    }

    @Test("an enclave that is down answers nothing, and after a restart it has another boot and no keys")
    func restart() async throws {
        let subject = try await EnclaveUnderTest()
        let boot = subject.enclave.greeting?.boot
        subject.enclave.goDown()
        #expect(subject.enclave.greeting == nil)
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await subject.make() }
        try subject.enclave.restart()
        #expect(subject.enclave.greeting?.boot != boot)
        let (record, code) = try await subject.make()
        await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.attempt(record, code) }
    }

    @Test("the key that contacts are indexed by is the same after a restart and another under another master key")
    func contactIndexKey() throws {
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 1, count: 32)))
        let one = try InProcessEnclave(masterKey: master).greeting?.contactIndexKey
        #expect(one?.count == 32)
        #expect(try InProcessEnclave(masterKey: master).greeting?.contactIndexKey == one)
        #expect(try InProcessEnclave().greeting?.contactIndexKey != one)
    }

    @Test("a key that was forgotten signs no more, and loads again from its seal")
    func forget() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 1)
        _ = try await subject.enclave.call(ForgetSigningKey(keyIdentifier: subject.testKey.keyIdentifier))
        await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.attempt(record, code) }
        let load = LoadSigningKey(
            purpose: .identityTest, keyIdentifier: subject.testKey.keyIdentifier, sealed: subject.testKey.sealed)
        for _ in 0..<2 { _ = try await subject.enclave.call(load) }
        #expect(try await subject.attempt(record, code).token != nil)
    }
}
