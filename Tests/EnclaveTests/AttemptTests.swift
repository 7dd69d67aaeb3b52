import Enclave
import EnclaveLink
import Testing

@Suite("attempts")
struct AttemptTests {
    @Test("a code verifies once, however many try at the same time")
    func verifiesOnce() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        let outcomes = try await Self.parallel(50) { try await subject.attempt(record, code) }
        #expect(outcomes.filter { $0.token != nil }.count == 1)
        #expect(outcomes.allSatisfy { $0.token != nil || $0 == .spent || $0 == .locked })
    }

    @Test("of 50 wrong attempts at the same time exactly the limit is compared, the others find it locked")
    func countsWrong() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        let wrong = EnclaveUnderTest.wrong(code)
        let outcomes = try await Self.parallel(50) { try await subject.attempt(record, wrong) }
        #expect(outcomes.filter { $0 == .wrong }.count == 5)
        #expect(outcomes.filter { $0 == .locked }.count == 45)
        #expect(try await subject.attempt(record, code) == .locked)
    }

    @Test("the last allowed attempt may be the right one")
    func lastAttempt() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 2)
        #expect(try await subject.attempt(record, EnclaveUnderTest.wrong(code)) == .wrong)
        #expect(try await subject.attempt(record, code).token != nil)
    }

    @Test("a code that verified is spent")
    func spent() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        #expect(try await subject.attempt(record, code).token != nil)
        #expect(try await subject.attempt(record, code) == .spent)
    }

    @Test("a code dies at the end of its lifetime, to the millisecond, whatever the wall clock says")
    func expires() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(lifetime: 30)
        subject.clock.advance(seconds: 30)
        #expect(try await subject.attempt(record, code) == .expired)
        subject.clock.setWall(secondsLater: -60)
        #expect(try await subject.attempt(record, code) == .expired)
    }

    @Test("moving the wall clock neither kills a code nor makes the enclave forget its attempts")
    func wallClock() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 1)
        #expect(try await subject.attempt(record, EnclaveUnderTest.wrong(code)) == .wrong)
        subject.clock.setWall(secondsLater: 100_000)
        _ = try await subject.attempt(nil, "123456")
        subject.clock.setWall(secondsLater: -100_000)
        #expect(try await subject.attempt(record, code) == .locked)
    }

    @Test("a challenge made before the enclave started is refused, right code or wrong")
    func madeBeforeBoot() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        let key = LoadSigningKey(
            purpose: .identityTest, keyIdentifier: subject.testKey.keyIdentifier, sealed: subject.testKey.sealed)
        try subject.enclave.restart()
        _ = try await subject.enclave.call(key)
        #expect(try await subject.attempt(record, code) == .madeBeforeBoot)
        #expect(try await subject.attempt(record, EnclaveUnderTest.wrong(code)) == .madeBeforeBoot)
        await #expect(throws: EnclaveError(.challengeNotAlive)) {
            _ = try await subject.enclave.call(RevealTestCode(challenge: record))
        }
    }

    @Test("where nothing was sent every attempt is wrong, and none locks")
    func nothingSent() async throws {
        let subject = try await EnclaveUnderTest()
        for _ in 0..<20 { #expect(try await subject.attempt(nil, "123456") == .wrong) }
        subject.clock.advance(seconds: 10_000_000)
        #expect(try await subject.attempt(nil, "123456") == .wrong)
    }

    @Test("a blob opens for its own workspace and challenge only, and counts nothing otherwise")
    func otherPlace() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 1)
        let moved = [
            SealedRecord(workspace: "ws_2", record: record.record, sealed: record.sealed),
            SealedRecord(workspace: record.workspace, record: "ch_2", sealed: record.sealed),
            SealedRecord(workspace: "ws_1c", record: "h_1", sealed: record.sealed),
            SealedRecord(workspace: record.workspace, record: record.record, sealed: []),
            SealedRecord(workspace: record.workspace, record: record.record, sealed: subject.testKey.sealed),
        ]
        for place in moved {
            await #expect(throws: EnclaveError(.sealRefused)) { try await subject.attempt(place, code) }
        }
        #expect(try await subject.attempt(record, code).token != nil)
    }

    @Test(
        "a live challenge is signed by a live key only, a test challenge by a test key only, and a refusal counts nothing"
    )
    func keyPurpose() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make(limit: 1)
        let wrongKey = AttemptChallenge(
            challenge: record, code: PresentedCode(code), token: subject.token(subject.liveKey))
        await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.enclave.call(wrongKey) }
        let made = try await subject.enclave.call(subject.makeRequest("ch_live", mode: .live))
        let live = AttemptChallenge(
            challenge: SealedRecord(workspace: "ws_1", record: "ch_live", sealed: made.sealed),
            code: PresentedCode("000000"), token: subject.token(subject.testKey))
        await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.enclave.call(live) }
        let enclaveKey = try await subject.enclave.call(CreateSigningKey(purpose: .enclave, algorithm: .es256))
        let unfit = AttemptChallenge(challenge: record, code: PresentedCode(code), token: subject.token(enclaveKey))
        await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.enclave.call(unfit) }
        #expect(try await subject.attempt(record, code).token != nil)
    }

    @Test("Base32 codes are read without regard to case, with I and L as 1 and O as 0")
    func base32() async throws {
        let subject = try await EnclaveUnderTest()
        let format = CodeFormat(alphabet: .base32, length: 9)
        for round in 0..<40 {
            let (record, code) = try await subject.make("ch_\(round)", format: format)
            let typed = String(code.lowercased().map { $0 == "1" ? "l" : $0 == "0" ? "o" : $0 })
            #expect(try await subject.attempt(record, typed).token != nil)
        }
    }

    @Test("what is not the code is wrong, whatever it is", arguments: [0, 1, 2, 3, 4, 5, 6])
    func notTheCode(form: Int) async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await subject.make()
        let fullWidth = String(code.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xfee0) }.map(Character.init))
        let forms = [
            "", code + "\0", code + "0", String(code.dropLast()), " " + code, fullWidth,
            code + String(repeating: "0", count: 100_000),
        ]
        #expect(try await subject.attempt(record, forms[form]) == .wrong)
    }

    static func parallel<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for _ in 0..<count { group.addTask { try await work() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
