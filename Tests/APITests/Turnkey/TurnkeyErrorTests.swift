import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: errors that clients know")
struct TurnkeyErrorTests {
    @Test("a wrong code is 400, 3 and the text that clients match, with what is left; the fourth attempt is locked out")
    func wrongCode() async throws {
        for party in try await Self.parties() {
            let challenge = try await party.start()
            let code = try await party.code(of: challenge)
            for remaining in [2, 1, 0] {
                let answer = try await party.attempt("WRONGCODE", at: challenge)
                #expect(answer.status == 400 && answer.number("code") == 3)
                #expect(answer.text("message") == "Invalid OTP code" && answer.attemptsRemaining == remaining)
                let detail = answer.json?["details"]?.elements?.first
                #expect(detail?["@type"]?.text == "type.googleapis.com/errors.v1.TurnkeyErrorDetail")
                #expect(answer.turnkeyError == "INVALID_OTP_CODE")
            }
            let locked = try await party.attempt(code, at: challenge)
            #expect(locked.status == 400 && locked.number("code") == 9 && locked.turnkeyError == "OTP_LOCKED")
        }
    }

    @Test("a fourth code in flight is 400, 3, MAX_OTP_INITIATED and the text that clients match")
    func inFlight() async throws {
        for party in try await Self.parties() {
            for _ in 1...3 { try await party.start() }
            let answer = try await party.initiate("ada@example.com")
            #expect(answer.status == 400 && answer.number("code") == 3 && answer.turnkeyError == "MAX_OTP_INITIATED")
            #expect(
                answer.text("message") == "Max number of OTPs have been initiated please wait and try again")
            party.server.installation.time.advance(seconds: 300)
            try await party.start()
        }
    }

    @Test("expired, used and made before a restart each have a code of their own, and cost no attempt")
    func ended() async throws {
        for party in try await Self.parties() {
            let used = try await party.start()
            let code = try await party.code(of: used)
            #expect(try await party.attempt(code, at: used).status == 200)
            #expect(try await party.attempt(code, at: used).turnkeyError == "OTP_ALREADY_USED")

            let old = try await party.start()
            let sealed = try party.seal(try await party.code(of: old), to: old).bundle
            try await party.server.installation.restartEnclave()
            let restarted = try await party.verify(old.id, sealed)
            #expect(restarted.status == 400 && restarted.turnkeyError == "OTP_FROM_BEFORE_RESTART")

            let late = try await party.start()
            let bundle = try party.seal(try await party.code(of: late), to: late).bundle
            party.server.installation.time.advance(seconds: 300)
            let expired = try await party.verify(late.id, bundle)
            #expect(expired.status == 400 && expired.turnkeyError == "OTP_EXPIRED" && expired.attemptsRemaining == nil)
        }
    }

    @Test("an uncompressed public_key in the bundle is called that, and not a wrong code")
    func uncompressedKey() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let challenge = try await party.start()
        let target = try TargetBundle(text: challenge.bundle).verified(
            pinned: try party.server.installation.pinnedKey(), challenge: challenge.id, now: party.now
        ).target
        let contents = [
            (
                #"{"otp_code":"x","public_key":"\#(party.client.key.uncompressedHexadecimal)"}"#,
                "PUBLIC_KEY_UNCOMPRESSED"
            ),
            (#"{"otp_code":"x","public_key":"02\#(String(repeating: "f", count: 64))"}"#, "PUBLIC_KEY_MALFORMED"),
            (#"{"otpCode":"x"}"#, "OTP_BUNDLE_MALFORMED"),
        ]
        for (index, (content, name)) in contents.enumerated() {
            let sealed = try SealedText.seal(content, to: target)
            let answer = try await party.verify(challenge.id, sealed.bundle)
            #expect(answer.status == 400 && answer.turnkeyError == name, "\(answer.text)")
            #expect(answer.attemptsRemaining == 2 - index)
        }
    }

    @Test("quota and subscription are told to back ends and visitors alike")
    func workspaceLimits() async throws {
        let server = try await TestServer { $0.monthlyQuota = 1 }
        for party in [try await TurnkeyParty.backEnd(server), try TurnkeyParty.visitor(server)] {
            if party.stamper != nil { try await party.start() }
            let answer = try await party.initiate("grace@example.com")
            #expect(answer.status == 429 && answer.number("code") == 8 && answer.turnkeyError == "QUOTA_EXCEEDED")
            #expect(answer.headers["Retry-After"] != nil)
        }
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.subscription = .inactive
        }
        for party in [try await TurnkeyParty.backEnd(server), try TurnkeyParty.visitor(server)] {
            let answer = try await party.initiate("grace@example.com")
            #expect(answer.status == 403 && answer.turnkeyError == "SUBSCRIPTION_INACTIVE")
        }
    }

    @Test("a message that was not accepted is told to a back end, and not to a visitor")
    func delivery() async throws {
        let server = try await TestServer()
        server.installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        let refused = try await TurnkeyParty.backEnd(server).initiate("ada@example.com")
        #expect(refused.status == 502 && refused.number("code") == 14 && refused.turnkeyError == "DELIVERY_FAILED")
        #expect(!refused.text.contains("550") && !refused.text.contains("smtp"))
        #expect(try await TurnkeyParty.visitor(server).initiate("ada@example.com").status == 200)
    }

    @Test(
        "what the enclave does not let a back end say is the back end's to mend, and costs nothing",
        arguments: [DeliveryFailure.Reason.customizationRefused, .linkRefused, .senderRefused])
    func customization(reason: DeliveryFailure.Reason) async throws {
        let server = try await TestServer { $0.monthlyQuota = 1 }
        let party = try await TurnkeyParty.backEnd(server)
        server.installation.mail.answer(
            .failed(.init(provider: "smtp", reason: reason, providerStatus: 0, mayHaveArrived: false)))
        for _ in 1...4 {
            let refused = try await party.initiate("ada@example.com")
            #expect(refused.status == 400 && refused.number("code") == 3)
            #expect(refused.turnkeyError == "CUSTOMIZATION_REFUSED")
        }
        server.installation.mail.answer(.accepted(provider: "smtp"))
        try await party.start("ada@example.com")
    }

    @Test("while the enclave is down the answer is 503, 14 with Retry-After")
    func unavailable() async throws {
        for party in try await Self.parties() {
            party.server.installation.enclave.goDown()
            let answer = try await party.initiate("ada@example.com")
            #expect(answer.status == 503 && answer.number("code") == 14 && answer.turnkeyError == "UNAVAILABLE")
            #expect(answer.headers["Retry-After"] == "1")
        }
    }

    /// A back end and a visitor, each of a server of its own.
    private static func parties() async throws -> [TurnkeyParty] {
        [try await .backEnd(TestServer()), try .visitor(try await TestServer())]
    }
}
