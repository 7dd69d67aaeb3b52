import EnclaveLink
import Testing

@testable import Enclave

@Suite("wrong codes for one contact")
struct ContactLedgerTests {
    @Test("a host that makes challenge after challenge gets a hundred guesses at a contact, and then none for a day")
    func hostThatGuesses() async throws {
        let subject = try await EnclaveUnderTest()
        var compared = 0
        for _ in 0..<30 {
            let (record, code) = try await subject.make()
            for _ in 0..<5 where try await subject.attempt(record, EnclaveUnderTest.wrong(code)) == .wrong {
                compared += 1
            }
        }
        #expect(compared == 100)
        let (record, code) = try await subject.make()
        #expect(try await subject.attempt(record, code) == .locked)

        subject.clock.advance(seconds: 2 * 86_400)
        let (later, right) = try await subject.make()
        #expect(try await subject.attempt(later, right).token != nil)
    }

    @Test("the right code ends the row")
    func successClears() async throws {
        let subject = try await EnclaveUnderTest()
        for _ in 0..<30 {
            let (record, code) = try await subject.make()
            for _ in 0..<4 { _ = try await subject.attempt(record, EnclaveUnderTest.wrong(code)) }
            #expect(try await subject.attempt(record, code).token != nil)
        }
    }

    @Test("a full ledger refuses, rather than forget")
    func full() {
        let now = EnclaveInstant(unixMilliseconds: 0, steadyMilliseconds: 0)
        let ledger = ContactLedger(capacity: 1, now: now)
        let one = ChallengeDigest(contact: ContactAddress(kind: .phone, value: "+1"))
        let other = ChallengeDigest(contact: ContactAddress(kind: .email, value: "+1"))
        #expect(ledger.admit(one, now: now) == .compare)
        #expect(ledger.admit(other, now: now) == .full)
        #expect(ledger.admit(one, now: now) == .compare)
        ledger.clear(one)
        #expect(ledger.admit(other, now: now) == .compare)
    }
}
