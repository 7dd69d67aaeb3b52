import Enclave
import EnclaveLink
import SealedPasscodes
import Synchronization
import Testing

@Suite("the sealed flow in the enclave's process", .timeLimit(.minutes(2)))
struct SealedProcessTests {
    private static let issuer = "https://id.example.com"

    /// Keys that were made at the start.
    private final class Keys: Sendable {
        let made = Mutex<[SigningKeyPurpose: CreatedSigningKey]>([:])

        @Sendable func prepare(_ enclave: any EnclaveCalling, _ greeting: Greeting) async throws {
            for purpose in [SigningKeyPurpose.enclaveTest, .notaryTest] {
                let key = try await enclave.call(CreateSigningKey(purpose: purpose, algorithm: .es256))
                made.withLock { $0[purpose] = key }
            }
        }

        func identifier(_ purpose: SigningKeyPurpose) -> String {
            made.withLock { $0[purpose]?.keyIdentifier ?? "" }
        }
    }

    @Test("a code is sealed, opened and turned into a session behind closed walls")
    func wholeFlow() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        let keys = Keys()
        try await supervisor.start(prepare: keys.prepare)
        #expect(try #require(supervisor.greeting).isolation.systemCallFilter)
        let client = try SealedClient()
        let session = try SealedClient()

        let made = try await supervisor.call(Self.make(keys))
        let signer = try P256PublicKey(
            point: try #require(keys.made.withLock { $0[.enclaveTest]?.publicPoint }))
        let target = try TargetBundle(text: try #require(made.targetBundle)).verified(
            pinned: signer, challenge: "ch_1", now: made.createdAt
        ).target
        let code = try #require(made.testCode).value
        let wrong = try await supervisor.call(
            Self.attempt(made, client.seal(EnclaveUnderTest.wrong(code), to: target), keys))
        #expect(wrong == .wrong)
        let outcome = try await supervisor.call(Self.attempt(made, client.seal(code, to: target), keys))
        let token = try #require(outcome.token)

        let text = session.key.compressedHexadecimal
        let message = try client.message(
            #"{"login":{"publicKey":"\#(text)"},"tokenId":"token-1","type":"USAGE_TYPE_LOGIN"}"#)
        let finding = try await supervisor.call(
            SignSession(
                token: token, scope: Self.scope, proof: .message(message), sessionKey: session.key, user: "user-1",
                session: "se_1", lifetime: 900, keyIdentifier: keys.identifier(.notaryTest)))
        #expect(finding.token != nil)
        await supervisor.stop()
    }

    private static let scope = TokenScope(
        workspace: "ws_1", flow: .turnkey, mode: .test, issuer: issuer, organization: "org-1")

    private static func make(_ keys: Keys) -> MakeChallenge {
        MakeChallenge(
            workspace: "ws_1", challenge: "ch_1", mode: .test, contact: SealedEnclave.contact, channels: [.sms],
            format: SealedEnclave.format, lifetime: 300, attemptLimit: 3,
            target: SealedTarget(
                flow: .turnkey, keyIdentifier: keys.identifier(.enclaveTest), issuer: issuer, organization: "org-1",
                isDecoy: false, usesSandboxCode: false))
    }

    private static func attempt(
        _ made: MadeChallenge, _ attempt: SealedAttempt, _ keys: Keys
    ) -> AttemptSealedChallenge {
        AttemptSealedChallenge(
            challenge: SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed), flow: .turnkey,
            attempt: attempt,
            token: VerificationTokenRequest(
                identifier: "token-1", keyIdentifier: keys.identifier(.enclaveTest), issuer: issuer,
                organization: "org-1", lifetime: 60))
    }
}
