import EnclaveLink
import SealedPasscodes
import Testing

@testable import Enclave

@Suite("equal time of sealed attempts", .serialized)
struct SealedEqualTimeTests {
    private static let attempts = 300
    private let issuer: ChallengeIssuer
    private let sealedIssuer: SealedChallengeIssuer
    private let requests: SealedRequests
    private let key: String
    private let client: SealedClient
    private let now = SystemEnclaveClock().now

    init() throws {
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 3, count: 32)))
        let randomness = SystemRandomness()
        let keys = SigningKeyRing(
            sealer: .single(master), keeper: MemoryKeeper(master, randomness: randomness))
        key = try keys.create(CreateSigningKey(purpose: .enclave, algorithm: .es256)).keyIdentifier
        issuer = ChallengeIssuer(
            sealer: ChallengeSealer(masterKey: master, randomness: randomness),
            codes: CodeGenerator(randomness: randomness))
        sealedIssuer = SealedChallengeIssuer(issuer: issuer, keys: keys)
        requests = SealedRequests(
            issuer: issuer,
            counter: AttemptCounter(ledger: AttemptLedger(now: now), contacts: ContactLedger(now: now)),
            deliveries: DeliveryLedger(now: now), keys: keys,
            subjectKeys: SubjectKeys(masterKey: master))
        client = try SealedClient()
    }

    @Test("a wrong code and the right code of a decoy take the same time, and have the same answer")
    func decoy() throws {
        try TurnTaking.expectEqual(count: Self.attempts) { number in
            let wrong = try challenge("ch_\(number)", isDecoy: false)
            let decoy = try challenge("de_\(number)", isDecoy: true)
            return try (attempt(wrong, EnclaveUnderTest.wrong(wrong.code)), attempt(decoy, decoy.code))
        } _: {
            try decide($0.0)
        } _: {
            try decide($0.1)
        }
    }

    @Test("a code that is wrong at its first place and one that is wrong at its last take the same time")
    func places() throws {
        try TurnTaking.expectEqual(count: Self.attempts) { number in
            let one = try challenge("a_\(number)", isDecoy: false)
            let other = try challenge("b_\(number)", isDecoy: false)
            let last = String(EnclaveUnderTest.wrong(String(other.code.reversed())).reversed())
            return try (attempt(one, EnclaveUnderTest.wrong(one.code)), attempt(other, last))
        } _: {
            try decide($0.0)
        } _: {
            try decide($0.1)
        }
    }

    private func decide(_ attempt: AttemptSealedChallenge) throws {
        guard case .wrong = try requests.attempt(attempt, now: now) else { throw EnclaveError(.requestRefused) }
    }

    private func challenge(
        _ name: String, isDecoy: Bool
    ) throws -> (record: SealedRecord, target: P256PublicKey, code: String) {
        let target = SealedTarget(
            flow: .turnkey, keyIdentifier: key, issuer: "https://id.example.com", organization: "org-1",
            isDecoy: isDecoy, usesSandboxCode: false)
        let request = MakeChallenge(
            workspace: "ws_1234567890123", challenge: name, mode: .live,
            contact: ContactAddress(kind: .phone, value: "+91\(name)"), channels: [.sms], format: SealedEnclave.format,
            lifetime: 300, attemptLimit: 3, target: target)
        let made = try sealedIssuer.make(request, target, now: now)
        let record = SealedRecord(workspace: request.workspace, record: name, sealed: made.sealed)
        let bundle = try TargetBundle(text: try #require(made.targetBundle))
        let secret = try #require(try issuer.open(record))
        return (record, try TargetBundle.Content(json: bundle.data).target, secret.code.text)
    }

    private func attempt(
        _ challenge: (record: SealedRecord, target: P256PublicKey, code: String), _ code: String
    ) throws -> AttemptSealedChallenge {
        AttemptSealedChallenge(
            challenge: challenge.record, flow: .turnkey, attempt: try client.seal(code, to: challenge.target),
            token: VerificationTokenRequest(
                identifier: "token-1", keyIdentifier: key, issuer: "https://id.example.com", organization: "org-1",
                lifetime: 60))
    }
}
