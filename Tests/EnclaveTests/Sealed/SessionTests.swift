import Crypto
import EnclaveLink
import JOSE
import SealedPasscodes
import Testing

@Suite("sessions")
struct SessionTests {
    @Test(
        "a Turnkey session is ES256 over SHA-256 of SHA-256 by the notary's key, with the dialect's claims",
        arguments: ChallengeMode.allCases)
    func turnkey(mode: ChallengeMode) async throws {
        let bench = try await LoginBench(.turnkey, mode: mode)
        let token = try #require(try await bench.finding(.message(bench.client.message(bench.messageText))).token)
        let parts = token.value.split(separator: ".").map(String.init)
        #expect(try String(decoding: Base64URL.decode(parts[0]), as: UTF8.self) == #"{"typ":"JWT","alg":"ES256"}"#)
        let claims = try JSONValue(parsing: Base64URL.decode(parts[1]))
        let end = bench.subject.clock.now.unixMilliseconds / 1000 + 900
        #expect(
            claims.members == [
                .init(name: "exp", value: .integer(end)),
                .init(name: "public_key", value: .string(bench.session.key.compressedHexadecimal)),
                .init(name: "session_type", value: .string("SESSION_TYPE_READ_WRITE")),
                .init(name: "user_id", value: .string("user-1")),
                .init(name: "organization_id", value: .string("org-of-ws_1")),
            ])
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: Base64URL.decode(parts[2]))
        let notary = try P256.Signing.PublicKey(x963Representation: bench.subject.key(.notary(mode)).publicPoint)
        #expect(notary.isValidSignature(signature, for: SHA256.hash(data: Array(SHA256.hash(data: signed)))))
        #expect(!notary.isValidSignature(signature, for: SHA256.hash(data: signed)))
    }

    @Test("our own session is a JWT in the key set, for the client's key", arguments: ChallengeMode.allCases)
    func own(mode: ChallengeMode) async throws {
        let bench = try await LoginBench(.countersign, mode: mode)
        let token = try #require(try await bench.finding(bench.possession()).token)
        let key = try JSONWebKey(json: Array(bench.subject.key(.session(mode)).publicKey.utf8))
        let verified = try JSONWebSignatureVerifier(keys: JSONWebKeySet([key])).verify(token.value)
        #expect(verified.header.type == "session+jwt" && verified.header.keyIdentifier == key.thumbprint)
        let claims = try JSONWebTokenClaims(json: verified.payload)
        let now = Double(bench.subject.clock.now.unixMilliseconds / 1000)
        #expect(claims.issuer == SealedEnclave.issuer && claims.audience == ["ws_1"] && claims.subject == "user-1")
        #expect(claims.issuedAt == now && claims.notBefore == now && claims.expiration == now + 900)
        #expect(claims.identifier == "se_1" && claims["sid"]?.text == "se_1")
        #expect(claims["cnf"]?["jkt"]?.text == bench.client.key.thumbprint)
        #expect(claims["test"] == (mode == .test ? .boolean(true) : nil))
    }

    @Test("the host learns contact, key and end, so that it can count the token's use", arguments: SealedFlow.allCases)
    func finding(flow: SealedFlow) async throws {
        let bench = try await LoginBench(flow)
        let proof =
            flow == .turnkey ? LoginProof.message(try bench.client.message(bench.messageText)) : try bench.possession()
        guard case .signed(_, let client, let expiresAt) = try await bench.finding(proof) else {
            Issue.record("refused")
            return
        }
        let now = bench.subject.clock.now.unixMilliseconds
        let expected = VerifiedClient(
            token: "token-1", contact: SealedEnclave.contact, key: bench.client.key, expiresAt: now + 3_600_000)
        #expect(client == expected && expiresAt == now + 900_000)
    }

    @Test("a session is signed by the flow's and mode's own key only", arguments: SealedWay.all)
    func purpose(way: SealedWay) async throws {
        let bench = try await LoginBench(way.flow, mode: way.mode)
        let proof =
            way.flow == .turnkey
            ? LoginProof.message(try bench.client.message(bench.messageText)) : try bench.possession()
        var request = try bench.request(proof)
        let right = request.keyIdentifier
        for purpose in SigningKeyPurpose.allCases {
            request.keyIdentifier = try bench.subject.key(purpose).keyIdentifier
            guard request.keyIdentifier != right else { continue }
            let refused = request
            await #expect(throws: EnclaveError(.keyRefused)) { _ = try await bench.subject.enclave.call(refused) }
        }
    }

    @Test("lifetime and names have bounds, and a proof of the other flow is refused", arguments: 0..<9)
    func bounds(rule: Int) async throws {
        let bench = try await LoginBench(.turnkey)
        var request = try bench.request(.message(bench.client.message(bench.messageText)))
        switch rule {
        case 0: request.lifetime = 0
        case 1: request.lifetime = 2_592_001
        case 2: request.lifetime = .max
        case 3: request.user = ""
        case 4: request.user = String(repeating: "x", count: 129)
        case 5: request.session = ""
        case 6: request.session = String(repeating: "x", count: 129)
        case 7: request.proof = try bench.possession()
        default:
            request.scope = bench.subject.scope(.countersign)
            request.keyIdentifier = try bench.subject.key(.session).keyIdentifier
        }
        let refused = request
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await bench.subject.enclave.call(refused) }
    }

    @Test("a token that does not count opens no session, whatever the proof", arguments: SealedFlow.allCases)
    func token(flow: SealedFlow) async throws {
        let bench = try await LoginBench(flow)
        let proof =
            flow == .turnkey ? LoginProof.message(try bench.client.message(bench.messageText)) : try bench.possession()
        var request = try bench.request(proof)
        request.scope.organization = "org-2"
        request.scope.workspace = "ws_2"
        #expect(try await bench.subject.enclave.call(request).fault == .tokenForeign)
        request = try bench.request(proof)
        request.token = VerificationToken("a.b.c")
        #expect(try await bench.subject.enclave.call(request).fault == .tokenMalformed)
        bench.subject.clock.advance(seconds: 3600)
        #expect(try await bench.fault(proof) == .tokenExpired)
    }

    @Test("neither token shows when it is printed")
    func redacted() async throws {
        let bench = try await LoginBench(.turnkey)
        let finding = try await bench.finding(.message(bench.client.message(bench.messageText)))
        let session = try #require(finding.token)
        let texts = ["\(session)", String(reflecting: session), "\(bench.token)", "\(finding)"]
        for secret in [session.value, bench.token.value] { #expect(texts.allSatisfy { !$0.contains(secret) }) }
    }
}
