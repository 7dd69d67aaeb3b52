import Crypto
import EnclaveLink
import Fixtures
import Foundation
import JOSE
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

/// Every field of our own sealed API, as it should not be.
@Suite("Input of our own sealed API")
struct SealedInputTests {
    @Test(
        "a challenge's body is told what is wrong with it",
        arguments: [
            ("", "invalid_json"), ("[]", "invalid_json"), (#"{"contact":"a@example.com""#, "invalid_json"),
            ("{}", "missing_field"), (#"{"contact":null}"#, "missing_field"), (#"{"contact":7}"#, "invalid_field"),
            (#"{"contcat":"a@example.com"}"#, "unknown_field"),
            (#"{"contact":"a@example.com","chanel":"email"}"#, "unknown_field"),
            (#"{"contact":"a@example.com","contact":"b@example.com"}"#, "invalid_field"),
            (#"{"contact":"a@example"}"#, "invalid_email"), (#"{"contact":"a@b@example.com"}"#, "invalid_email"),
            (#"{"contact":""}"#, "invalid_phone_number"), (#"{"contact":"+49"}"#, "invalid_phone_number"),
            (#"{"contact":"015112345678"}"#, "invalid_phone_number"),
            (#"{"contact":"a@example.com","channel":"pigeon"}"#, "invalid_channel"),
            (#"{"contact":"a@example.com","channel":"sms"}"#, "invalid_channel"),
            (#"{"contact":"+4915112345678","channel":"email"}"#, "invalid_channel"),
            (#"{"contact":"a@example.com","channel":7}"#, "invalid_field"),
            (#"{"contact":"a@example.com","app":""}"#, "invalid_field"),
            (#"{"contact":"a@example.com","app":"a\nb"}"#, "invalid_field"),
            (#"{"contact":"a@example.com","app":"a\u202eb"}"#, "invalid_field"),
        ])
    func challengeBody(_ body: String, _ code: String) async throws {
        let server = try await TestServer()
        let answer = try await SealedParty.backEnd(server).call(.POST, "/v1/challenges", body: body)
        #expect(answer.code == code && answer.status == (code == "invalid_json" ? 400 : 422), "\(answer.text)")
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        #expect(server.installation.mail.codes.isEmpty)
    }

    @Test("an Idempotency-Key that is none is refused", arguments: ["", "a b", String(repeating: "a", count: 256)])
    func idempotencyKey(_ key: String) async throws {
        let server = try await TestServer()
        let answer = try await SealedParty.backEnd(server).start(headers: [("Idempotency-Key", key)])
        #expect(answer.status == 400 && answer.code == "invalid_idempotency_key")
    }

    /// Ways to spoil an encapsulated key.
    private static func badKeys() throws -> [String] {
        let point = try SealedClient().key
        var offCurve = point.uncompressed
        offCurve[64] ^= 1
        let padded = Data(point.uncompressed).base64EncodedString()
        return [
            "", "A", "*", padded, padded + "=", point.uncompressedHexadecimal,
            Base64URL.encode(point.compressed), Base64URL.encode(offCurve), Base64URL.encode(point.uncompressed[1...]),
            Base64URL.encode(point.uncompressed.dropLast()), Base64URL.encode(point.uncompressed + [0]),
            Base64URL.encode([6] + point.uncompressed[1...]), Base64URL.encode([UInt8](repeating: 0, count: 65)),
        ]
    }

    @Test("an attempt that cannot be one is refused with its field's name, and is not counted")
    func attemptBody() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let challenge = await party.start()
        let key = Base64URL.encode(try SealedClient().key.uncompressed)
        let text = Base64URL.encode([UInt8](repeating: 7, count: 64))
        func attempt(_ body: String) async -> TestServer.Answer {
            await party.call(.POST, "/v1/challenges/\(challenge.text("id") ?? "")/attempts", body: body)
        }
        for bad in try Self.badKeys() {
            let answer = await attempt(#"{"encapsulated_key":"\#(bad)","ciphertext":"\#(text)"}"#)
            #expect(answer.status == 422 && answer.code == "invalid_field", "\(bad): \(answer.text)")
            #expect(answer.text("detail")?.hasPrefix("encapsulated_key ") == true)
        }
        for bad in ["", "A", "=", String(repeating: "A", count: 21), String(repeating: "A", count: 684)] {
            let answer = await attempt(#"{"encapsulated_key":"\#(key)","ciphertext":"\#(bad)"}"#)
            #expect(answer.status == 422 && answer.code == "invalid_field", "\(bad): \(answer.text)")
            #expect(answer.text("detail")?.hasPrefix("ciphertext ") == true)
        }
        for (body, code) in [
            ("{}", "missing_field"), (#"{"encapsulated_key":"\#(key)"}"#, "missing_field"),
            (#"{"encapsulated_key":7,"ciphertext":"\#(text)"}"#, "invalid_field"),
            (#"{"encapsulated_key":"\#(key)","cipher_text":"\#(text)"}"#, "unknown_field"),
            (#"{"encapsulated_key":"\#(key)","ciphertext":"\#(text)","code":"1"}"#, "unknown_field"),
        ] {
            let answer = await attempt(body)
            #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
        }
        #expect(try await party.attempt("WRONGCODE", at: challenge).number("attempts_remaining") == 2)
    }

    @Test("an attempt that opens to nothing is told why, is counted, and does not end the others")
    func attemptContent() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let client = party.client.key
        let contents = [
            ("no JSON", "attempt_malformed"), ("{}", "attempt_malformed"),
            (#"{"otp_code":7,"public_key":"\#(client.compressedHexadecimal)"}"#, "attempt_malformed"),
            (#"{"otp_code":"A","public_key":"\#(client.uncompressedHexadecimal)"}"#, "client_key_uncompressed"),
            (#"{"otp_code":"A","public_key":"02ab"}"#, "client_key_malformed"),
            (#"{"otp_code":"A","public_key":"\#(String(repeating: "0", count: 66))"}"#, "client_key_malformed"),
        ]
        for (content, code) in contents {
            let challenge = await party.start("person-\(code)-\(content.utf8.count)@example.com")
            let answer = await party.attempt(try party.seal(raw: content, to: challenge), at: challenge)
            #expect(answer.status == 400 && answer.code == code, "\(content): \(answer.text)")
            #expect(answer.number("attempts_remaining") == 2)
            #expect(try await party.attempt(server.code(of: challenge), at: challenge).status == 200)
        }
    }

    @Test("an attempt that was sealed to another challenge, or changed on its way, is not opened")
    func notOpened() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let challenge = await party.start()
        let other = await party.start("grace@example.com")
        let code = try await server.code(of: challenge)
        let foreign = await party.attempt(try party.seal(code, to: other), at: challenge)
        #expect(foreign.code == "attempt_not_opened" && foreign.number("attempts_remaining") == 2)
        let sealed = try party.seal(code, to: challenge)
        let changed = try SealedAttempt(
            encapsulatedKey: sealed.encapsulatedKey, ciphertext: [sealed.ciphertext[0] ^ 1] + sealed.ciphertext[1...])
        let answer = await party.attempt(changed, at: challenge)
        #expect(answer.code == "attempt_not_opened" && answer.number("attempts_remaining") == 1)
        #expect(await party.attempt(sealed, at: challenge).status == 200)
    }

    @Test("three wrong codes close a challenge, to the right one too")
    func lock() async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let challenge = await party.start()
        for remaining in [2, 1, 0] {
            #expect(try await party.attempt("WRONGCODE", at: challenge).number("attempts_remaining") == remaining)
        }
        let answer = try await party.attempt(party.server.code(of: challenge), at: challenge)
        #expect(answer.status == 429 && answer.code == "too_many_attempts")
    }

    @Test("a code that has ended says how: used, expired, or of an enclave that is gone")
    func ends() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let spent = await party.start()
        let code = try await server.code(of: spent)
        #expect(try await party.attempt(code, at: spent).status == 200)
        #expect(try await party.attempt(code, at: spent).code == "code_spent")
        let older = await party.start("grace@example.com")
        let sealed = try await party.seal(server.code(of: older), to: older)
        try await server.installation.restartEnclave()
        #expect(await party.attempt(sealed, at: older).code == "code_from_before_restart")
        let late = await party.start("alan@example.com")
        let attempt = try await party.seal(server.code(of: late), to: late)
        server.installation.time.advance(seconds: 300)
        #expect(await party.attempt(attempt, at: late).code == "code_expired")
    }

    @Test(
        "a login's body is told what is wrong with it",
        arguments: [
            ("{}", "missing_field"), (#"{"verification_token":7}"#, "invalid_field"),
            (#"{"verificationToken":"a"}"#, "unknown_field"),
            (#"{"verification_token":"a","invalidate_existing":"yes"}"#, "invalid_field"),
            (#"{"verification_token":"a","expires":1}"#, "unknown_field"),
            (#"{"verification_token":"a","verification_token":"b"}"#, "invalid_field"),
        ])
    func loginBody(_ body: String, _ code: String) async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let answer = await party.call(
            .POST, "/v1/sessions", headers: [("DPoP", try party.proof("POST", "/v1/sessions", token: "a"))], body: body)
        #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
    }

    @Test("what is no verification token opens no session, and neither does one that expired")
    func verificationToken() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let session = try await party.openSession("grace@example.com")
        let challenge = await party.start()
        let token = try #require(
            try await party.attempt(server.code(of: challenge), at: challenge).text("verification_token"))
        let parts = token.split(separator: ".").map(String.init)
        for other in [
            "", "a", "a.b.c", session.token, challenge.text("target") ?? "", "\(parts[0]).\(parts[1]).",
            String(token.dropLast(2)), "\(parts[0]).e30.\(parts[2])",
            String(repeating: "a", count: 20_000),
        ] {
            let answer = try await party.logIn(other)
            #expect(answer.status == 400 && answer.code == "verification_token_invalid", "\(answer.text)")
        }
        server.installation.time.advance(seconds: 3_600)
        let late = try await party.logIn(token)
        #expect(late.status == 400 && late.code == "verification_token_expired")
    }
}

extension SealedParty {
    /// Seals anything to an answered challenge.
    func seal(raw content: String, to challenge: TestServer.Answer) throws -> SealedAttempt {
        let target = try TargetToken(
            try #require(challenge.text("target")), pinned: try server.installation.pinnedKey(),
            challenge: try #require(challenge.text("id")), now: now
        ).content.target
        var sender = try HPKE.Sender(
            recipientKey: P256.KeyAgreement.PublicKey(x963Representation: target.uncompressed),
            ciphersuite: .P256_SHA256_AES_GCM_256, info: Data("turnkey_hpke".utf8))
        let encapsulated = Array(sender.encapsulatedKey)
        let ciphertext = try sender.seal(Array(content.utf8), authenticating: encapsulated + target.uncompressed)
        return try SealedAttempt(
            encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
    }
}
