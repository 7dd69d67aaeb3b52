import EnclaveLink
import SealedPasscodes
import Testing

@Suite("the sealed flow")
struct SealedFlowTests {
    private struct Way: CustomTestStringConvertible {
        let flow: SealedFlow
        let mode: ChallengeMode
        var testDescription: String { "\(flow) \(mode)" }
        static let all = SealedFlow.allCases.flatMap { flow in ChallengeMode.allCases.map { Way(flow: flow, mode: $0) }
        }
    }

    @Test("a right code, sealed to the bundle's key, is a token for the client's key", arguments: Way.all)
    private func verifies(way: Way) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make(flow: way.flow, mode: way.mode)
        let outcome = try await subject.attempt(challenge, challenge.code, by: client)
        guard case .verified(let token, let expiresAt) = outcome else {
            Issue.record("not verified: \(outcome)")
            return
        }
        #expect(expiresAt == subject.clock.now.unixMilliseconds + 3_600_000)
        let finding = try await subject.enclave.call(
            CheckVerificationToken(token: token, scope: subject.scope(way.flow, mode: way.mode), signUp: nil))
        let expected = VerifiedClient(
            token: "token-1", contact: SealedEnclave.contact, key: client.key, expiresAt: expiresAt)
        #expect(finding == .good(expected))
    }

    @Test("a login of each style is a session for the session key", arguments: ChallengeMode.allCases)
    func turnkeyLogin(mode: ChallengeMode) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let session = try SealedClient()
        let token = try await subject.token(subject.make(mode: mode), for: client)
        let text = session.key.compressedHexadecimal
        let proofs: [LoginProof] = [
            .message(
                try client.message(
                    #"{"login":{"publicKey":"\#(text)"},"tokenId":"token-1","type":"USAGE_TYPE_LOGIN"}"#)),
            .stampedBody(
                try client.stamped(
                    #"{"type":"ACTIVITY_TYPE_STAMP_LOGIN","organizationId":"org-of-ws_1","parameters":{"publicKey":"\#(text)"}}"#
                )),
        ]
        for proof in proofs {
            let request = SignSession(
                token: token, scope: subject.scope(mode: mode), proof: proof, sessionKey: session.key, user: "user-1",
                session: "se_1", lifetime: 900, keyIdentifier: try subject.key(.notary(mode)).keyIdentifier)
            guard case .signed(_, let verified, let expiresAt) = try await subject.enclave.call(request) else {
                Issue.record("refused")
                continue
            }
            #expect(verified.key == client.key)
            #expect(expiresAt == subject.clock.now.unixMilliseconds + 900_000)
        }
    }
}
