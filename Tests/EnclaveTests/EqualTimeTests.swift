import EnclaveLink
import Testing

@testable import Enclave

@Suite("equal time", .serialized)
struct EqualTimeTests {
    private static let attempts = 3000
    private let verifier: ChallengeVerifier
    private let issuer: ChallengeIssuer
    private let token: IdentityTokenRequest
    private let now = SystemEnclaveClock().now

    init() throws {
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 3, count: 32)))
        let randomness = SystemRandomness()
        let keys = SigningKeyRing(sealer: Sealer(masterKey: master, randomness: randomness))
        let key = try keys.create(CreateSigningKey(purpose: .identity, algorithm: .es256))
        issuer = ChallengeIssuer(
            sealer: ChallengeSealer(masterKey: master, randomness: randomness),
            codes: CodeGenerator(randomness: randomness))
        verifier = try ChallengeVerifier(
            issuer: issuer,
            counter: AttemptCounter(ledger: AttemptLedger(now: now), contacts: ContactLedger(now: now)), keys: keys)
        token = IdentityTokenRequest(
            issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key.keyIdentifier, lifetime: 60)
    }

    @Test("a wrong code and a contact to which nothing was sent take the same time")
    func wrongAndNothingSent() throws {
        // Other tests run beside this one: one of five tries has to be undisturbed.
        var differences: [Double] = []
        for round in 0..<5 {
            let difference = try measure(round)
            if difference < 0.05 { return }
            differences.append(difference)
        }
        Issue.record("the times differ by \(differences)")
    }

    /// How far apart the times are that half of the attempts stay below, as a part of the longer one. The two kinds
    /// take turns, so that whatever else the machine does hits both.
    private func measure(_ round: Int) throws -> Double {
        let records = try (0..<Self.attempts).map { try record("ch_\(round)_\($0)") }
        var wrong: [Duration] = []
        var nothing: [Duration] = []
        for record in records {
            wrong.append(try time(record))
            nothing.append(try time(nil))
        }
        let one = Self.median(wrong)
        let other = Self.median(nothing)
        return abs(one - other) / max(one, other)
    }

    private func time(_ record: SealedRecord?) throws -> Duration {
        let attempt = AttemptChallenge(challenge: record, code: PresentedCode("nonsen"), token: token)
        let start = ContinuousClock.now
        let finding = try verifier.examine(attempt, now: now)
        let end = ContinuousClock.now
        guard case .outcome(.wrong) = finding else { throw EnclaveError(.requestRefused) }
        return start.duration(to: end)
    }

    private func record(_ challenge: String) throws -> SealedRecord {
        let request = MakeChallenge(
            workspace: "ws_1234567890123", challenge: challenge, mode: .live,
            contact: ContactAddress(kind: .phone, value: "+91\(challenge)"), channel: .sms,
            format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5)
        let made = try issuer.make(request, now: now)
        return SealedRecord(workspace: request.workspace, record: challenge, sealed: made.sealed)
    }

    private static func median(_ times: [Duration]) -> Double {
        let middle = times.sorted()[times.count / 2].components
        return Double(middle.seconds) * 1e9 + Double(middle.attoseconds) / 1e9
    }
}
