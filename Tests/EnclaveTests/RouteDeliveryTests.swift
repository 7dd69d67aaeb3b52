import Enclave
import EnclaveLink
import JOSE
import Synchronization
import Testing

@Suite("codes over several channels")
struct RouteDeliveryTests {
    private static let providers = [
        ConfiguredProvider(purpose: .messages(.sms), name: "first", host: "a.example", port: 443),
        ConfiguredProvider(purpose: .messages(.sms), name: "second", host: "b.example", port: 443),
        ConfiguredProvider(purpose: .messages(.whatsapp), name: "meta", host: "c.example", port: 443),
    ]
    private static let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 10)

    private let delivered = DeliveredCodes()

    private func subject(_ channels: [Channel]) async throws -> (InProcessEnclave, SealedRecord, CreatedSigningKey) {
        let enclave = try InProcessEnclave(providers: Self.providers) { [delivered] code in
            delivered.add(code)
            return code.provider == "first"
                ? .failed(
                    DeliveryFailure(
                        provider: "first", reason: .unreachable, providerStatus: 0, mayHaveArrived: false))
                : .accepted(provider: code.provider)
        }
        let key = try await enclave.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        let made = try await enclave.call(
            MakeChallenge(
                workspace: "ws_1", challenge: "ch_1", mode: .live,
                contact: ContactAddress(kind: .phone, value: "+919876543210"), channels: channels,
                format: EnclaveUnderTest.format, lifetime: 600, attemptLimit: 5))
        return (enclave, SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed), key)
    }

    private func deliver(
        _ record: SealedRecord, over channel: Channel, by provider: String, _ enclave: InProcessEnclave
    ) async throws(EnclaveError) -> DeliveryOutcome {
        try await enclave.call(
            DeliverChallenge(
                challenge: record, channel: channel, provider: provider, wording: Self.wording, deadline: 1000))
    }

    @Test("a provider brings the code over its own channels only, and the inbox none that has a provider")
    func provider() async throws {
        let (enclave, record, _) = try await subject([.sms, .whatsapp, .voice])
        for (channel, provider) in [
            (Channel.sms, "meta"), (.whatsapp, "second"), (.sms, "inbox"), (.whatsapp, "inbox"), (.voice, "second"),
            (.sms, "unknown"), (.sms, ""),
        ] {
            await #expect(throws: EnclaveError(.requestRefused)) {
                try await deliver(record, over: channel, by: provider, enclave)
            }
        }
        #expect(delivered.all.isEmpty)
        #expect(try await deliver(record, over: .voice, by: "inbox", enclave) == .accepted(provider: "inbox"))
    }

    @Test("a code goes out over no channel but those that it was made for")
    func sealedRoute() async throws {
        let (enclave, record, _) = try await subject([.sms])
        await #expect(throws: EnclaveError(.requestRefused)) {
            try await deliver(record, over: .whatsapp, by: "meta", enclave)
        }
        await #expect(throws: EnclaveError(.requestRefused)) {
            try await deliver(record, over: .email, by: "inbox", enclave)
        }
        #expect(delivered.all.isEmpty)
    }

    @Test(
        "a token names the channels over which the code went out, whatever was wished",
        arguments: [
            ([(Channel.whatsapp, "meta")], ["otp", "whatsapp"], "messenger"),
            ([(.sms, "first"), (.whatsapp, "meta")], ["otp", "whatsapp"], "messenger"),
            ([(.whatsapp, "meta"), (.sms, "second")], ["otp", "sms", "whatsapp"], "telephone"),
            ([(.voice, "inbox")], ["otp", "tel"], "telephone"),
            // Nothing is known to have gone out: what was tried is all that can be said.
            ([(.sms, "first")], ["otp", "sms"], "telephone"),
        ])
    func methods(_ sent: [(Channel, String)], _ methods: [String], _ context: String) async throws {
        let (enclave, record, key) = try await subject([.sms, .whatsapp, .voice])
        for (channel, provider) in sent { _ = try await deliver(record, over: channel, by: provider, enclave) }
        let codes = Set(delivered.all.map(\.code))
        #expect(codes.count == 1)
        let token = IdentityTokenRequest(
            issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key.keyIdentifier, lifetime: 60)
        let outcome = try await enclave.call(
            AttemptChallenge(challenge: record, code: PresentedCode(try #require(codes.first)), token: token))
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(key.publicKey.utf8))])
        let payload = try JSONWebSignatureVerifier(keys: keys).verify(try #require(outcome.token).value).payload
        let claims = try JSONValue(parsing: payload)
        #expect(claims["amr"] == .array(methods.map { .string($0) }))
        #expect(claims["acr"]?.text == "urn:countersign:acr:\(context)")
    }

    @Test("what claims to be a provider's report is refused where no provider reports")
    func reports() async throws {
        let (enclave, _, _) = try await subject([.sms])
        let request = ReadDeliveryReports(provider: "first", method: "POST", url: "https://a", headers: [], body: [])
        #expect(try await enclave.call(request) == .refused)
    }
}

/// Keeps what was delivered.
private final class DeliveredCodes: Sendable {
    private let codes = Mutex<[DeliveredCode]>([])

    var all: [DeliveredCode] { codes.withLock { $0 } }

    func add(_ code: DeliveredCode) { codes.withLock { $0.append(code) } }
}
