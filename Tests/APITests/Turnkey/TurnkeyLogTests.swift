import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: the log")
struct TurnkeyLogTests {
    @Test("nothing that came with a request reaches the log, whatever becomes of it")
    func nothingSecret() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let visitor = try TurnkeyParty.visitor(server)
        let contact = "ada.lovelace@example.com"
        var secrets = [contact, "ada.lovelace", "s3cret-captcha", "PLAIN1234"]
        for asker in [party, visitor] {
            let challenge = try await asker.start(contact)
            let code = try await asker.code(of: challenge)
            let sealed = try asker.seal("WRONGCODE", to: challenge).bundle
            _ = try await asker.verify(challenge.id, sealed)
            _ = try await asker.verify(challenge.id, sealed.replacing("ciphertext", with: "Ciphertext"))
            let verified = try await asker.attempt(code, at: challenge)
            let token = try #require(asker.result(verified, "verifyOtpResult")?["verificationToken"]?.text)
            let message = try asker.loginMessage(token, session: asker.client)
            _ = try await asker.logIn(token, session: asker.client, message: message + " ")
            _ = try await asker.logIn(token, session: SealedClient(), message: message)
            _ = try await asker.logIn(token + "x", session: asker.client, message: message)
            secrets += [code, "WRONGCODE", String(sealed.suffix(40)), token, String(token.suffix(30))]
            secrets += [asker.hexadecimal(asker.client), try asker.clientSignature(message)]
        }
        _ = await visitor.proxy("otp_verify_v2", #"{"otpId":"x","otpCode":"PLAIN1234"}"#)
        _ = await visitor.proxy(
            "otp_init_v2", #"{"otpType":"OTP_TYPE_SMS","contact":"\#(contact)"}"#,
            headers: [("X-Captcha-Token", "s3cret-captcha")])
        _ = await visitor.account(contact, token: "PLAIN1234")
        let stamp = try TurnkeyParty.stamp("{}", by: try #require(party.stamper))
        _ = await server.call(.POST, "/public/v1/submit/init_otp", headers: [("X-Stamp", stamp)], body: contact)
        secrets += [stamp, String(stamp.prefix(60))]

        let lines = server.log.lines
        #expect(lines.count > 10)
        for line in lines {
            for secret in secrets { #expect(!line.contains(secret), "\(secret) in: \(line)") }
        }
    }

    @Test("a refusal is in the log under its request, with the reason and the address")
    func refusals() async throws {
        let server = try await TestServer()
        _ = await server.call(.POST, "/public/v1/submit/init_otp", body: "{}")
        let line = try #require(server.log.lines.last)
        #expect(line.contains("SIGNATURE_MISSING") && line.contains("127.0.0.1:1") && line.contains("request"))
    }
}
