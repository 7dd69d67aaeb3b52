import Encodings
import EnclaveLink
import JOSE
import SealedPasscodes
import Testing

@Suite("verification tokens")
struct VerificationTokenTests {
    private static let mailbox = ContactAddress(kind: .email, value: "user@example.org")

    @Test("the Turnkey token has the dialect's header and claims, all of them texts", arguments: ChallengeMode.allCases)
    func turnkeyClaims(mode: ChallengeMode) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let token = try await subject.token(subject.make(mode: mode), for: client)
        let parts = token.value.split(separator: ".").map(String.init)
        #expect(try String(decoding: Base64URL.decode(parts[0]), as: UTF8.self) == #"{"typ":"JWT","alg":"ES256"}"#)
        let claims = try JSONValue(parsing: Base64URL.decode(parts[1]))
        let expected: [(String, String)] = [
            ("exp", "\(subject.clock.now.unixMilliseconds + 3_600_000)"), ("id", "token-1"),
            ("organization_id", "org-of-ws_1"), ("verification_type", "OTP_TYPE_SMS"), ("contact", "+919876543210"),
            ("public_key", client.key.compressedHexadecimal),
        ]
        #expect(claims.members?.map { "\($0.name)=\($0.value.text ?? "?")" } == expected.map { "\($0.0)=\($0.1)" })
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        #expect(try subject.pinned(mode).isValidSignature(raw: Base64URL.decode(parts[2]), for: signed))
    }

    @Test("the Turnkey token names the channel", arguments: Channel.allCases)
    func channels(channel: Channel) async throws {
        let expected: [Channel: String] = [
            .email: "OTP_TYPE_EMAIL", .sms: "OTP_TYPE_SMS", .whatsapp: "OTP_TYPE_WHATSAPP", .voice: "OTP_TYPE_VOICE",
        ]
        let (claims, client) = try await Self.claims(
            .turnkey, contact: channel == .email ? Self.mailbox : SealedEnclave.contact, channel: channel)
        #expect(claims["verification_type"]?.text == expected[channel])
        #expect(client.contact == (channel == .email ? Self.mailbox : SealedEnclave.contact))
    }

    @Test("a Turnkey token's payload decodes with plain base64, whatever the contact holds")
    func plainBase64() async throws {
        let contact = "\"~?>\\\u{7f}\u{1}öß例😀~~??>>@例え.jp"
        for padding in ["", "a", "aa"] {
            let address = ContactAddress(kind: .email, value: padding + contact)
            let subject = try await SealedEnclave()
            let token = try await Self.token(subject, .turnkey, contact: address, channel: .email)
            let payload = token.value.split(separator: ".")[1]
            #expect(!payload.contains("-") && !payload.contains("_"))
            let claims = try JSONValue(parsing: Base64URL.decode(payload))
            #expect(claims["contact"]?.text == address.value)
        }
    }

    @Test("our own token is a JWT in the key set, bound to the client's key", arguments: ChallengeMode.allCases)
    func claims(mode: ChallengeMode) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let token = try await subject.token(subject.make(flow: .countersign, mode: mode), for: client)
        let key = try JSONWebKey(json: Array(subject.key(.session(mode)).publicKey.utf8))
        let verified = try JSONWebSignatureVerifier(keys: JSONWebKeySet([key])).verify(token.value)
        #expect(verified.header.type == "verification+jwt" && verified.header.keyIdentifier == key.thumbprint)
        let claims = try JSONWebTokenClaims(json: verified.payload)
        let now = Double(subject.clock.now.unixMilliseconds / 1000)
        #expect(claims.issuer == SealedEnclave.issuer && claims.audience == ["ws_1"])
        #expect(claims.issuedAt == now && claims.notBefore == now && claims.expiration == now + 3600)
        #expect(claims.identifier == "token-1" && claims.subject?.utf8.count == 43)
        #expect(claims["phone"]?.text == "+919876543210" && claims["email"] == nil)
        #expect(claims["amr"]?.elements?.map(\.text) == ["otp", "sms"])
        #expect(claims["acr"]?.text == "urn:countersign:acr:telephone")
        #expect(claims["test"] == (mode == .test ? .boolean(true) : nil))
        #expect(claims["cnf"]?["jkt"]?.text == client.key.thumbprint)
        #expect(try JSONWebKey(#require(claims["cnf"]?["jwk"])).thumbprint == client.key.thumbprint)
    }

    @Test("our own token names the person as identity tokens do: the same in a workspace and mode, nothing elsewhere")
    func subjects() async throws {
        let subject = try await SealedEnclave()
        func name(_ challenge: String, workspace: String = "ws_1", mode: ChallengeMode = .live) async throws -> String?
        {
            let made = try await subject.make(challenge, flow: .countersign, mode: mode, workspace: workspace)
            let token = try await subject.token(made, for: SealedClient())
            return try JSONValue(parsing: Base64URL.decode(token.value.split(separator: ".")[1]))["sub"]?.text
        }
        let first = try await name("ch_1")
        #expect(try await name("ch_2") == first)
        #expect(try await name("ch_3", workspace: "ws_2") != first)
        #expect(try await name("ch_4", mode: .test) != first)
    }

    @Test("a token's name, issuer and organization have bounds", arguments: 0..<5)
    func bounds(rule: Int) async throws {
        let subject = try await SealedEnclave()
        let challenge = try await subject.make()
        var token = try subject.tokenRequest(challenge)
        switch rule {
        case 0: token.identifier = String(repeating: "x", count: 129)
        case 1: token.issuer = ""
        case 2: token.issuer = String(repeating: "x", count: 513)
        case 3: token.organization = ""
        default: token.lifetime = .max
        }
        let request = AttemptSealedChallenge(
            challenge: challenge.record, flow: .turnkey,
            attempt: try SealedClient().seal(challenge.code, to: challenge.target), token: token)
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await subject.enclave.call(request) }
    }

    private static func token(
        _ subject: SealedEnclave, _ flow: SealedFlow, contact: ContactAddress, channel: Channel
    ) async throws -> VerificationToken {
        var request = try subject.makeRequest(flow: flow)
        (request.contact, request.channels) = (contact, [channel])
        return try await subject.token(subject.make(request), for: SealedClient())
    }

    private static func claims(
        _ flow: SealedFlow, contact: ContactAddress, channel: Channel
    ) async throws -> (JSONValue, VerifiedClient) {
        let subject = try await SealedEnclave()
        let token = try await token(subject, flow, contact: contact, channel: channel)
        let finding = try await subject.enclave.call(
            CheckVerificationToken(token: token, scope: subject.scope(flow), signUp: nil))
        guard case .good(let client) = finding else { throw TokenFault.tokenMalformed }
        return (try JSONValue(parsing: Base64URL.decode(token.value.split(separator: ".")[1])), client)
    }
}
