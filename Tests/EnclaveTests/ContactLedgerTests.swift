import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@testable import Enclave

@Suite("wrong codes for one contact")
struct ContactLedgerTests {
    private static func contact(_ value: String) -> ChallengeDigest {
        ChallengeDigest(contact: ContactAddress(kind: .phone, value: value))
    }

    private static func instant(days: Int64) -> EnclaveInstant {
        EnclaveInstant(unixMilliseconds: 0, steadyMilliseconds: days * 86_400_000)
    }

    @Test("a host that makes challenge after challenge gets a hundred guesses at a live contact, and no more")
    func hostThatGuesses() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        var wrong = 0
        var locked = 0
        for challenge in 0..<30 {
            let record = try await Self.make("oe_\(challenge)", workspace, installation)
            for _ in 0..<5 {
                // No digit code has ten characters.
                switch try await Self.attempt(record, code: "0123456789", workspace, installation) {
                case .wrong: wrong += 1
                case .locked: locked += 1
                default: Issue.record("neither wrong nor locked")
                }
            }
        }
        #expect(wrong == 100 && locked == 50)
    }

    private static func make(
        _ challenge: String, _ workspace: Workspace, _ installation: Installation
    ) async throws -> SealedRecord {
        let made = try await installation.enclave.call(
            MakeChallenge(
                workspace: workspace.id, challenge: challenge, mode: .live,
                contact: ContactAddress(kind: .phone, value: "+4915112345678"), channels: [.sms],
                format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5))
        return SealedRecord(workspace: workspace.id, record: challenge, sealed: made.sealed)
    }

    private static func attempt(
        _ record: SealedRecord, code: String, _ workspace: Workspace, _ installation: Installation
    ) async throws -> AttemptOutcome {
        try await installation.enclave.call(
            AttemptChallenge(
                challenge: record, code: PresentedCode(code),
                token: IdentityTokenRequest(
                    issuer: "https://id.example.com", audience: workspace.id,
                    keyIdentifier: try installation.signingKeys.current(.identity), lifetime: 60)))
    }

    @Test("wrong codes are remembered for a day, and no longer than two")
    func memory() {
        let ledger = ContactLedger(now: Self.instant(days: 0))
        let contact = Self.contact("+1")
        for _ in 0..<100 { #expect(ledger.admit(contact, now: Self.instant(days: 0)) == .compare) }
        #expect(ledger.admit(contact, now: Self.instant(days: 0)) == .locked)
        #expect(ledger.admit(contact, now: Self.instant(days: 1)) == .locked)
        #expect(ledger.admit(contact, now: Self.instant(days: 2)) == .compare)
    }

    @Test("the right code ends the row")
    func successClears() {
        let now = Self.instant(days: 0)
        let ledger = ContactLedger(now: now)
        let contact = Self.contact("+1")
        for _ in 0..<99 { _ = ledger.admit(contact, now: now) }
        ledger.clear(contact)
        for _ in 0..<100 { #expect(ledger.admit(contact, now: now) == .compare) }
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

    @Test("looking whether a contact is locked counts nothing")
    func peek() {
        let now = Self.instant(days: 0)
        let ledger = ContactLedger(now: now)
        let contact = Self.contact("+1")
        for _ in 0..<200 { #expect(ledger.peek(contact, now: now) == .compare) }
        for _ in 0..<100 { #expect(ledger.admit(contact, now: now) == .compare) }
        #expect(ledger.peek(contact, now: now) == .locked)
        #expect(ledger.peek(contact, now: Self.instant(days: 3)) == .compare)
    }
}
