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
        let keys = SigningKeyRing(sealer: .single(master), keeper: MemoryKeeper(master, randomness: randomness))
        let key = try keys.create(CreateSigningKey(purpose: .identity, algorithm: .es256))
        issuer = ChallengeIssuer(
            sealer: ChallengeSealer(masterKey: master, randomness: randomness),
            codes: CodeGenerator(randomness: randomness))
        verifier = try ChallengeVerifier(
            issuer: issuer,
            counter: AttemptCounter(ledger: AttemptLedger(now: now), contacts: ContactLedger(now: now)),
            deliveries: DeliveryLedger(now: now), keys: keys)
        token = IdentityTokenRequest(
            issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key.keyIdentifier, lifetime: 60)
    }

    @Test("a wrong code and a contact to which nothing was sent take the same time")
    func wrongAndNothingSent() throws {
        try TurnTaking.expectEqual(count: Self.attempts) {
            try record("ch_\($0)")
        } _: {
            try attempt($0)
        } _: { _ in
            try attempt(nil)
        }
    }

    private func attempt(_ record: SealedRecord?) throws {
        let attempt = AttemptChallenge(challenge: record, code: PresentedCode("nonsen"), token: token)
        guard case .outcome(.wrong) = try verifier.examine(attempt, now: now) else {
            throw EnclaveError(.requestRefused)
        }
    }

    private func record(_ challenge: String) throws -> SealedRecord {
        let request = MakeChallenge(
            workspace: "ws_1234567890123", challenge: challenge, mode: .live,
            contact: ContactAddress(kind: .phone, value: "+91\(challenge)"), channels: [.sms],
            format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5)
        let made = try issuer.make(request, now: now)
        return SealedRecord(workspace: request.workspace, record: challenge, sealed: made.sealed)
    }
}
