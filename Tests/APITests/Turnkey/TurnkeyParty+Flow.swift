import EnclaveLink
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

/// The steps that both APIs have.
extension TurnkeyParty {
    /// A challenge that was started.
    struct Challenge {
        var id: String
        var bundle: String
    }

    /// The members of a result: of an activity's under this name, or of the auth proxy's flat answer.
    func result(_ answer: TestServer.Answer, _ name: String) -> JSONValue? {
        guard stamper != nil else { return answer.json }
        return answer.json?["activity"]?["result"]?[name]
    }

    func initiate(_ contact: String, more: String = "") async throws -> TestServer.Answer {
        let type = contact.contains("@") ? "OTP_TYPE_EMAIL" : "OTP_TYPE_SMS"
        let fields = #""otpType":"\#(type)","contact":"\#(contact)"\#(more)"#
        guard stamper != nil else { return await proxy("otp_init_v2", "{\(fields)}") }
        return try await submit("init_otp", #"{"appName":"Shop",\#(fields)}"#)
    }

    @discardableResult
    func start(_ contact: String = "ada@example.com", more: String = "") async throws -> Challenge {
        let answer = try await initiate(contact, more: more)
        #expect(answer.status == 200, "\(answer.text)")
        let found = result(answer, "initOtpResultV2")
        return Challenge(
            id: try #require(found?["otpId"]?.text), bundle: try #require(found?["otpEncryptionTargetBundle"]?.text))
    }

    /// Seals a code as a client does: first it checks the bundle's signature.
    func seal(_ code: String, to challenge: Challenge, mode: ChallengeMode = .live) throws -> SealedAttempt {
        let content = try TargetBundle(text: challenge.bundle).verified(
            pinned: try server.installation.pinnedKey(mode), challenge: challenge.id, now: now)
        #expect(content.organization == organization)
        return try SealedAttempt.seal(AttemptContent(code: code, publicKey: client.key), to: content.target)
    }

    func attempt(
        _ code: String, at challenge: Challenge, mode: ChallengeMode = .live
    ) async throws -> TestServer.Answer {
        try await verify(challenge.id, seal(code, to: challenge, mode: mode).bundle)
    }

    func verify(_ id: String, _ bundle: String, more: String = "") async throws -> TestServer.Answer {
        let fields = #"{"otpId":"\#(id)","encryptedOtpBundle":\#(JSONText.quoted(bundle))\#(more)}"#
        guard stamper != nil else { return await proxy("otp_verify_v2", fields) }
        return try await submit("verify_otp", fields)
    }

    /// The way to a verification token, as a person who reads the message.
    func prove(_ contact: String = "ada@example.com") async throws -> String {
        let challenge = try await start(contact)
        let answer = try await attempt(try await code(of: challenge), at: challenge)
        return try #require(result(answer, "verifyOtpResult")?["verificationToken"]?.text, "\(answer.text)")
    }

    /// The code in a challenge's message; visitors are answered before it goes out.
    func code(of challenge: Challenge) async throws -> String {
        #expect(await server.installation.challenges.drain(within: .seconds(60)) == 0)
        return try #require(server.installation.mail.messages.last { $0.challenge == challenge.id }?.code)
    }

    /// `otp_login`, by activity or auth proxy.
    func logIn(
        _ token: String, session: SealedClient, message: String? = nil, more: String = ""
    ) async throws -> TestServer.Answer {
        let message = try message ?? loginMessage(token, session: session)
        let fields =
            #"{"verificationToken":"\#(token)","publicKey":"\#(hexadecimal(session))","clientSignature":\#(try clientSignature(message))\#(more)}"#
        guard stamper != nil else { return await proxy("otp_login_v2", fields) }
        return try await submit("otp_login", fields)
    }

    func loginMessage(_ token: String, session: SealedClient) throws -> String {
        #"{"login":{"publicKey":"\#(hexadecimal(session))"},"tokenId":"\#(try Self.claims(token, "id"))","type":"USAGE_TYPE_LOGIN"}"#
    }

    func clientSignature(_ message: String) throws -> String {
        let signature = Hexadecimal.encode(try client.sign(message).signature)
        return """
            {"publicKey":"\(hexadecimal(client))","scheme":"CLIENT_SIGNATURE_SCHEME_API_P256",\
            "message":\(JSONText.quoted(message)),"signature":"\(signature)"}
            """
    }

    /// One claim of a token, unchecked.
    static func claims(_ token: String, _ name: String) throws -> String {
        try #require(VerificationToken(token).claims()[name]?.text)
    }
}
