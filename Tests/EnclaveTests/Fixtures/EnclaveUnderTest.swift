import Enclave
import EnclaveLink
import Testing

/// An in-process enclave with its keys loaded, and short ways to ask it.
struct EnclaveUnderTest {
    static let format = CodeFormat(alphabet: .digits, length: 6)
    let clock = SettableClock()
    let enclave: InProcessEnclave
    let liveKey: CreatedSigningKey
    let testKey: CreatedSigningKey

    init(deliver: @escaping InProcessEnclave.Delivering = { _ in .accepted(provider: "inbox") }) async throws {
        enclave = try InProcessEnclave(clock: clock, deliver: deliver)
        liveKey = try await enclave.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        testKey = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
    }

    func makeRequest(
        _ challenge: String = "ch_1", mode: ChallengeMode = .test, format: CodeFormat = Self.format,
        lifetime: Int = 600, limit: Int = 5
    ) -> MakeChallenge {
        MakeChallenge(
            workspace: "ws_1", challenge: challenge, mode: mode,
            contact: ContactAddress(kind: .phone, value: "+919876543210"), channels: [.sms], format: format,
            lifetime: lifetime, attemptLimit: limit)
    }

    /// Makes a test challenge.
    func make(_ challenge: String = "ch_1", format: CodeFormat = Self.format, lifetime: Int = 600, limit: Int = 5)
        async throws -> (record: SealedRecord, code: String)
    {
        let made = try await enclave.call(makeRequest(challenge, format: format, lifetime: lifetime, limit: limit))
        let code = try #require(made.testCode).value
        return (SealedRecord(workspace: "ws_1", record: challenge, sealed: made.sealed), code)
    }

    func token(_ key: CreatedSigningKey? = nil, lifetime: Int = 60) -> IdentityTokenRequest {
        IdentityTokenRequest(
            issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: (key ?? testKey).keyIdentifier,
            lifetime: lifetime)
    }

    func attempt(_ record: SealedRecord?, _ code: String) async throws(EnclaveError) -> AttemptOutcome {
        try await enclave.call(AttemptChallenge(challenge: record, code: PresentedCode(code), token: token()))
    }

    /// A code of the same shape that is not `code`.
    static func wrong(_ code: String) -> String {
        code.hasPrefix("7") ? "8" + code.dropFirst() : "7" + code.dropFirst()
    }
}

extension AttemptOutcome {
    var token: IdentityToken? {
        if case .verified(let token) = self { token } else { nil }
    }
}
