import EnclaveLink
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: bundles, tokens and client signatures")
struct TurnkeyInputTests {
    private static let uncompressed =
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

    @Test(
        "an encryptedOtpBundle that is none costs no attempt",
        arguments: [
            ("", "INVALID_FIELD"), ("{", "OTP_BUNDLE_MALFORMED"), ("[]", "OTP_BUNDLE_MALFORMED"),
            (#"{"ciphertext":"00"}"#, "OTP_BUNDLE_MALFORMED"),
            (#"{"encappedPublic":"\#(uncompressed)"}"#, "OTP_BUNDLE_MALFORMED"),
            (#"{"encappedPublic":"\#(uncompressed)","ciphertext":"0"}"#, "OTP_BUNDLE_MALFORMED"),
            (#"{"encappedPublic":"\#(uncompressed)","ciphertext":"zz"}"#, "OTP_BUNDLE_MALFORMED"),
            (
                #"{"encappedPublic":"\#(uncompressed)","ciphertext":"\#(String(repeating: "00", count: 16))"}"#,
                "OTP_BUNDLE_MALFORMED"
            ),
            (
                #"{"encappedPublic":"\#(uncompressed)","ciphertext":"\#(String(repeating: "00", count: 513))"}"#,
                "OTP_BUNDLE_MALFORMED"
            ),
            (
                #"{"encappedPublic":"02\#(uncompressed.dropFirst(2).prefix(64))","ciphertext":"\#(String(repeating: "00", count: 60))"}"#,
                "PUBLIC_KEY_COMPRESSED"
            ),
            (
                #"{"encappedPublic":"\#(uncompressed.dropLast(2))","ciphertext":"\#(String(repeating: "00", count: 60))"}"#,
                "PUBLIC_KEY_MALFORMED"
            ),
            (
                #"{"encappedPublic":"\#(uncompressed.dropLast(1))6","ciphertext":"\#(String(repeating: "00", count: 60))"}"#,
                "PUBLIC_KEY_MALFORMED"
            ),
        ])
    func malformedBundle(bundle: String, name: String) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let challenge = try await party.start()
        let answer = try await party.verify(challenge.id, bundle)
        #expect(answer.status == 400 && answer.turnkeyError == name, "\(answer.text)")
        #expect(answer.attemptsRemaining == nil)
        let wrong = try await party.attempt("WRONGCODE", at: challenge)
        #expect(wrong.attemptsRemaining == 2)
    }

    @Test("a bundle of another challenge, and one that was changed, is counted and says what is wrong")
    func foreignBundle() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let (mine, other) = (try await party.start(), try await party.start("grace@example.com"))
        let code = try await party.code(of: mine)
        let foreign = try await party.verify(mine.id, try party.seal(code, to: other).bundle)
        #expect(foreign.status == 400 && foreign.turnkeyError == "OTP_BUNDLE_NOT_OPENED", "\(foreign.text)")
        #expect(foreign.attemptsRemaining == 2)
        let sealed = try party.seal(code, to: mine)
        var ciphertext = sealed.ciphertext
        ciphertext[0] ^= 1
        let changed = try SealedAttempt(encapsulatedKey: sealed.encapsulatedKey, ciphertext: ciphertext)
        let answer = try await party.verify(mine.id, changed.bundle)
        #expect(answer.turnkeyError == "OTP_BUNDLE_NOT_OPENED" && answer.attemptsRemaining == 1)
        #expect(try await party.attempt(code, at: mine).status == 200)
    }

    @Test("a challenge is unknown to another workspace, and under another name")
    func foreignChallenge() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let challenge = try await party.start()
        let bundle = try party.seal(try await party.code(of: challenge), to: challenge).bundle
        let unknown = try await party.verify("00000000-0000-4000-8000-000000000000", bundle)
        #expect(unknown.status == 404 && unknown.turnkeyError == "OTP_NOT_FOUND")
        let workspace = try await server.installation.workspace()
        let foreign = try await TurnkeyParty.backEnd(server, of: workspace)
        let refused = try await foreign.submit(
            "verify_otp", #"{"otpId":"\#(challenge.id)","encryptedOtpBundle":\#(JSONText.quoted(bundle))}"#,
            organization: WorkspaceUUID.organization.text(for: workspace.id))
        #expect(refused.status == 404 && refused.text == unknown.text)
        #expect(try await party.verify(challenge.id, bundle).status == 200)
    }

    @Test("a challenge of our own API is unknown here")
    func otherFlow() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let own = try await server.installation.sendSealed(server.workspace, flow: .countersign)
        let sealed = try party.client.seal(
            try server.installation.code(of: own), to: own, flow: .countersign,
            pinned: try server.installation.pinnedKey(), now: party.now)
        let answer = try await party.verify(own.identifier, sealed.bundle)
        #expect(answer.status == 404 && answer.turnkeyError == "OTP_NOT_FOUND")
    }

    /// What a login says, and the one thing about it that is wrong.
    enum Fault: String, CaseIterable {
        case noToken, malformedToken, truncatedToken, changedToken, unsignedToken, expiredToken, sessionAsToken
        case noSessionKey, uncompressedSessionKey, malformedSessionKey
        case noSignature, otherScheme, derSignature, shortSignature, notHexadecimal, changedMessage, otherSigner
        case messageNotJSON, otherUse, otherTokenId, otherSessionKey, noMessage
        case profile, negativeLife, longLife

        var name: String {
            switch self {
            case .noToken, .noSessionKey, .noMessage: "MISSING_FIELD"
            case .malformedToken, .truncatedToken, .unsignedToken: "VERIFICATION_TOKEN_MALFORMED"
            case .changedToken, .sessionAsToken: "VERIFICATION_TOKEN_"
            case .expiredToken: "VERIFICATION_TOKEN_EXPIRED"
            case .uncompressedSessionKey: "PUBLIC_KEY_UNCOMPRESSED"
            case .malformedSessionKey: "PUBLIC_KEY_MALFORMED"
            case .noSignature: "LEGACY_ACTIVITY_TYPE"
            case .otherScheme, .profile, .negativeLife, .longLife: "INVALID_FIELD"
            case .derSignature, .shortSignature, .notHexadecimal, .messageNotJSON: "CLIENT_SIGNATURE_MALFORMED"
            case .changedMessage: "CLIENT_SIGNATURE_INVALID"
            case .otherSigner: "CLIENT_SIGNATURE_KEY_MISMATCH"
            case .otherUse, .otherTokenId, .otherSessionKey: "CLIENT_SIGNATURE_MISMATCH"
            }
        }
    }

    @Test(
        "whatever is wrong with a login has its own clear answer, and leaves the token good", arguments: Fault.allCases)
    func login(fault: Fault) async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let (token, session) = (try await party.makeUser(), try SealedClient())
        let answer = try await party.submit("otp_login", try Self.login(fault, token, session, party))
        #expect((400...401).contains(answer.status), "\(answer.text)")
        #expect(answer.turnkeyError?.hasPrefix(fault.name) == true, "\(fault): \(answer.text)")
        #expect(!answer.text.contains(token) && !answer.text.contains(party.hexadecimal(session)))
        guard fault != .expiredToken else { return }
        #expect(try await party.logIn(token, session: session).status == 200)
    }

    private static func login(
        _ fault: Fault, _ token: String, _ session: SealedClient, _ party: TurnkeyParty
    ) throws -> String {
        let parts = token.split(separator: ".").map(String.init)
        var token: String? = token
        var key: String? = party.hexadecimal(session)
        var message: String? = try party.loginMessage(token ?? "", session: session)
        var more = ""
        switch fault {
        case .noToken: token = nil
        case .malformedToken: token = "token"
        case .truncatedToken: token = parts[0] + "." + parts[1]
        case .changedToken: token = "\(parts[0]).\(parts[1].dropLast(2))AA.\(parts[2])"
        case .unsignedToken: token = "\(Base64URL.encode(Array(#"{"typ":"JWT","alg":"none"}"#.utf8))).\(parts[1])."
        case .sessionAsToken: token = "\(parts[0]).\(Base64URL.encode(Array("{}".utf8))).\(parts[2])"
        case .expiredToken: party.server.installation.time.advance(seconds: 3600)
        case .noSessionKey: key = nil
        case .uncompressedSessionKey: key = session.key.uncompressedHexadecimal
        case .malformedSessionKey: key = "02" + String(repeating: "f", count: 64)
        case .messageNotJSON: message = "login"
        case .otherUse: message = message?.replacing("USAGE_TYPE_LOGIN", with: "USAGE_TYPE_SIGNUP")
        case .otherTokenId: message = message?.replacing(#""tokenId":""#, with: #""tokenId":"0"#)
        case .otherSessionKey: message = try party.loginMessage(token ?? "", session: party.client)
        case .noMessage: message = nil
        case .profile: more = #","sessionProfileId":"p""#
        case .negativeLife: more = #","expirationSeconds":"0""#
        case .longLife: more = #","expirationSeconds":"2592001""#
        default: break
        }
        var members = try signature(fault, message, party).map { [#""clientSignature":\#($0)"#] } ?? []
        if let token { members.append(#""verificationToken":"\#(token)""#) }
        if let key { members.append(#""publicKey":"\#(key)""#) }
        return "{\(members.joined(separator: ","))\(more)}"
    }

    private static func signature(_ fault: Fault, _ message: String?, _ party: TurnkeyParty) throws -> String? {
        guard fault != .noSignature else { return nil }
        let text = message ?? ""
        let signer = fault == .otherSigner ? try SealedClient() : party.client
        var signature = Hexadecimal.encode(try signer.sign(text, as: fault == .derSignature ? .der : .raw).signature)
        switch fault {
        case .shortSignature: signature.removeLast(2)
        case .notHexadecimal: signature = "g" + signature.dropFirst()
        default: break
        }
        let scheme = fault == .otherScheme ? "CLIENT_SIGNATURE_SCHEME_OTHER" : "CLIENT_SIGNATURE_SCHEME_API_P256"
        let sent = fault == .changedMessage ? text + " " : text
        let shown = message == nil ? "" : #""message":\#(JSONText.quoted(sent)),"#
        return
            #"{"publicKey":"\#(party.hexadecimal(signer))","scheme":"\#(scheme)",\#(shown)"signature":"\#(signature)"}"#
    }

    @Test("a token is good until its last millisecond, and not a second longer")
    func expiry() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        try await party.makeUser()
        let challenge = try await party.start()
        let bundle = try party.seal(try await party.code(of: challenge), to: challenge).bundle
        let verified = try await party.verify(challenge.id, bundle, more: #","expirationSeconds":"60""#)
        let token = try #require(party.result(verified, "verifyOtpResult")?["verificationToken"]?.text)
        #expect(try TurnkeyParty.claims(token, "exp") == String(party.now + 60_000))
        server.installation.time.advance(seconds: 60)
        #expect(try await party.logIn(token, session: SealedClient()).turnkeyError == "VERIFICATION_TOKEN_EXPIRED")
        for seconds in [0, 86_401] {
            let answer = try await party.verify(challenge.id, bundle, more: #","expirationSeconds":"\#(seconds)""#)
            #expect(answer.turnkeyError == "INVALID_FIELD")
        }
    }

    @Test("two parallel logins with one verification token: one session")
    func parallelLogins() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let token = try await party.makeUser()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { try await party.logInByStamp(token, session: SealedClient()).status }
                group.addTask { try await party.logIn(token, session: SealedClient()).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 400 }.count == 15)
    }

    @Test("a login where nobody signed up is refused, and uses nothing up")
    func noUser() async throws {
        let server = try await TestServer()
        let party = try TurnkeyParty.visitor(server)
        let token = try await party.prove()
        let answer = try await party.logIn(token, session: SealedClient())
        #expect(answer.status == 404 && answer.number("code") == 5 && answer.turnkeyError == "USER_NOT_FOUND")
        #expect(try await party.signUp(token).status == 200)
        #expect(try await party.logIn(token, session: SealedClient()).status == 200)
    }
}
