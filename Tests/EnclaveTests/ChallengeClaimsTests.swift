import Enclave
import EnclaveLink
import JOSE
import Testing

@Suite("What a code is for")
struct ChallengeClaimsTests {
    private static let payment = ChallengeClaims(
        purpose: "payment", binding: #"{"amount":"49.00","payee":"ACME"}"#)

    private static func make(
        _ subject: EnclaveUnderTest, _ claims: ChallengeClaims?, fixed: String? = nil, mode: ChallengeMode = .test
    ) async throws -> (record: SealedRecord, code: String?) {
        var request = subject.makeRequest(mode: mode)
        request.claims = claims
        request.fixedCode = fixed.map { TestCode($0) }
        let made = try await subject.enclave.call(request)
        return (SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed), made.testCode?.value)
    }

    @Test("the token says purpose and binding, as they were sealed")
    func token() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await Self.make(subject, Self.payment)
        let outcome = try await subject.enclave.call(
            AttemptChallenge(
                challenge: record, code: PresentedCode(try #require(code)), token: subject.token(),
                // Another spelling of the same value.
                claims: ChallengeClaims(
                    purpose: "payment", binding: "{ \"payee\" : \"ACM\\u0045\", \"amount\":\"49.00\" }")))
        let payload = try #require(outcome.token).value.split(separator: ".")[1]
        let claims = try JSONWebTokenClaims(json: try Base64URL.decode(String(payload)))
        #expect(claims["purpose"]?.text == "payment")
        #expect(claims["binding"]?["amount"]?.text == "49.00")
        #expect(claims["binding"]?["payee"]?.text == "ACME")
    }

    @Test(
        "the right code for something else is a wrong one, and is counted",
        arguments: [
            nil, ChallengeClaims(), ChallengeClaims(purpose: "payment"), ChallengeClaims(purpose: "login"),
            ChallengeClaims(binding: payment.binding), ChallengeClaims(purpose: "login", binding: payment.binding),
            ChallengeClaims(purpose: "payment", binding: #"{"amount":"50.00","payee":"ACME"}"#),
            ChallengeClaims(purpose: "payment", binding: #"{"amount":"49.00"}"#),
            ChallengeClaims(purpose: "payment", binding: #"{"amount":49.00,"payee":"ACME"}"#),
            ChallengeClaims(purpose: "payment", binding: #"{"amount":"49.00","payee":"ACME","amount":"49.00"}"#),
            ChallengeClaims(purpose: "payment", binding: "nonsense"), ChallengeClaims(purpose: "payment", binding: ""),
            ChallengeClaims(purpose: "payment", binding: "[" + String(repeating: " ", count: 2000) + "]"),
        ] as [ChallengeClaims?])
    func others(_ presented: ChallengeClaims?) async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await Self.make(subject, Self.payment)
        let attempt = AttemptChallenge(
            challenge: record, code: PresentedCode(try #require(code)), token: subject.token(), claims: presented)
        for _ in 0..<5 { #expect(try await subject.enclave.call(attempt) == .wrong) }
        #expect(try await subject.enclave.call(attempt) == .locked)
    }

    @Test("a code for nothing in particular is wrong where something is asked for")
    func nothing() async throws {
        let subject = try await EnclaveUnderTest()
        let (record, code) = try await Self.make(subject, nil)
        let attempt = AttemptChallenge(
            challenge: record, code: PresentedCode(try #require(code)), token: subject.token(), claims: Self.payment)
        #expect(try await subject.enclave.call(attempt) == .wrong)
        #expect(try await subject.attempt(record, try #require(code)).token != nil)
    }

    @Test(
        "a binding that readers might read differently is not sealed",
        arguments: [
            ChallengeClaims(binding: "[1]"), ChallengeClaims(binding: #"{ "a":1}"#),
            ChallengeClaims(binding: #"{"b":1,"a":1}"#), ChallengeClaims(binding: #"{"a":1,"a":1}"#),
            ChallengeClaims(binding: #"{"a":100000000000000000001}"#), ChallengeClaims(binding: ""),
            ChallengeClaims(binding: #"{"a":"\#(String(repeating: "x", count: 1024))"}"#),
            ChallengeClaims(purpose: ""), ChallengeClaims(purpose: String(repeating: "x", count: 65)),
        ])
    func malformed(_ claims: ChallengeClaims) async throws {
        let subject = try await EnclaveUnderTest()
        await #expect(throws: EnclaveError(.requestRefused)) { try await Self.make(subject, claims) }
    }

    @Test("a code that the host chose wins tokens of test only", arguments: ["123456", "000000000"])
    func fixed(_ code: String) async throws {
        let subject = try await EnclaveUnderTest()
        await #expect(throws: EnclaveError(.requestRefused)) {
            try await Self.make(subject, nil, fixed: code, mode: .live)
        }
        let (record, made) = try await Self.make(subject, nil, fixed: code)
        #expect(made == code)
        let live = AttemptChallenge(
            challenge: record, code: PresentedCode(code), token: subject.token(subject.liveKey))
        await #expect(throws: EnclaveError(.keyRefused)) { try await subject.enclave.call(live) }
        let payload = try #require(try await subject.attempt(record, code).token).value.split(separator: ".")[1]
        #expect(
            try JSONWebTokenClaims(json: try Base64URL.decode(String(payload)))["test"] == JSONValue.boolean(true))
    }

    @Test("a fixed code is 6 to 9 digits", arguments: ["", "12345", "1234567890", "12345a", "１２３４５６"])
    func malformedFixed(_ code: String) async throws {
        let subject = try await EnclaveUnderTest()
        await #expect(throws: EnclaveError(.requestRefused)) { try await Self.make(subject, nil, fixed: code) }
    }
}
