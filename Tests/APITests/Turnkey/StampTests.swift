import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: stamps and envelopes")
struct StampTests {
    private static let path = "/public/v1/submit/init_otp"
    private static let parameters = #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#

    private static func stamped(
        _ party: TurnkeyParty, _ header: String?, name: String = "X-Stamp", body: String? = nil
    ) async -> TestServer.Answer {
        await party.server.call(
            .POST, path, headers: header.map { [(name, $0)] } ?? [],
            body: body ?? party.body("init_otp", parameters))
    }

    @Test("a request without stamp is refused with what is missing")
    func noStamp() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = await Self.stamped(party, nil)
        #expect(answer.status == 401 && answer.number("code") == 16 && answer.turnkeyError == "SIGNATURE_MISSING")
        #expect(answer.text("message")?.contains("X-Stamp") == true)
    }

    /// A part of the stamp's JSON and what stands there instead of what is right.
    enum Damage: CaseIterable {
        case padded, standardAlphabet, notBase64, truncated, notJSON, array, duplicateMember, tooLong
        case noKey, numericKey, uncompressedKey, hybridKey, shortKey, offCurve, keyNotHexadecimal
        case noScheme, otherScheme, noSignature, signatureNotHexadecimal, emptySignature

        func header(_ good: [(String, String)]) -> String {
            switch self {
            case .padded: return Self.encoded(good) + "="
            case .standardAlphabet: return Self.encoded(good).replacing("_", with: "/") + "/+"
            case .notBase64: return "{\"publicKey\":1}"
            case .truncated: return String(Self.encoded(good).dropLast(3))
            case .notJSON: return TurnkeyParty.header("stamp")
            case .array: return TurnkeyParty.header("[]")
            case .duplicateMember: return Self.encoded(good + [("scheme", good[1].1)])
            case .tooLong: return String(repeating: "A", count: 8193)
            case .noKey: return Self.encoded(good.filter { $0.0 != "publicKey" })
            case .numericKey:
                return TurnkeyParty.header(#"{"publicKey":2,"scheme":"\#(good[1].1)","signature":"\#(good[2].1)"}"#)
            case .uncompressedKey: return Self.encoded(good, "publicKey", Self.uncompressed)
            case .hybridKey: return Self.encoded(good, "publicKey", "06" + Self.uncompressed.dropFirst(2))
            case .shortKey: return Self.encoded(good, "publicKey", String(good[0].1.dropLast(2)))
            case .offCurve: return Self.encoded(good, "publicKey", "02" + String(repeating: "f", count: 64))
            case .keyNotHexadecimal: return Self.encoded(good, "publicKey", "zz" + good[0].1.dropFirst(2))
            case .noScheme: return Self.encoded(good.filter { $0.0 != "scheme" })
            case .otherScheme: return Self.encoded(good, "scheme", "SIGNATURE_SCHEME_TK_API_SECP256K1")
            case .noSignature: return Self.encoded(good.filter { $0.0 != "signature" })
            case .signatureNotHexadecimal: return Self.encoded(good, "signature", "g" + good[2].1.dropFirst())
            case .emptySignature: return Self.encoded(good, "signature", "")
            }
        }

        private static let uncompressed =
            "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

        private static func encoded(_ good: [(String, String)], _ name: String = "", _ value: String = "") -> String {
            let members = good.map { "\"\($0)\":\"\($0 == name ? value : $1)\"" }
            return TurnkeyParty.header("{\(members.joined(separator: ","))}")
        }
    }

    @Test("every malformed stamp gets a message of its own, and nothing is done", arguments: Damage.allCases)
    func malformed(damage: Damage) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let (stamper, body) = (try #require(party.stamper), party.body("init_otp", Self.parameters))
        let good = [
            ("publicKey", party.hexadecimal(stamper)), ("scheme", "SIGNATURE_SCHEME_TK_API_P256"),
            ("signature", try TurnkeyParty.signature(body, by: stamper)),
        ]
        let answer = await Self.stamped(party, damage.header(good), body: body)
        #expect(answer.status == 401 && answer.number("code") == 16, "\(answer.text)")
        #expect(answer.turnkeyError == "STAMP_MALFORMED")
        #expect(answer.text("message")?.hasPrefix("malformed stamp: ") == true)
        #expect(party.server.installation.mail.codes.isEmpty)
    }

    @Test("a signature must be DER, by the stamp's key, over exactly this body")
    func signature() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let (stamper, body) = (try #require(party.stamper), party.body("init_otp", Self.parameters))
        let right = try TurnkeyParty.signature(body, by: stamper)
        let raw = Hexadecimal.encode(try stamper.sign(body, as: .raw).signature)
        let wrong = [
            raw, right + "00", String(right.dropLast(2)), try TurnkeyParty.signature(body + " ", by: stamper),
            try TurnkeyParty.signature(body, by: SealedClient()), "3006020100020100",
        ]
        for signature in wrong {
            let json =
                #"{"publicKey":"\#(party.hexadecimal(stamper))","scheme":"SIGNATURE_SCHEME_TK_API_P256","signature":"\#(signature)"}"#
            let answer = await Self.stamped(party, TurnkeyParty.header(json), body: body)
            #expect(answer.status == 401 && answer.turnkeyError == "SIGNATURE_INVALID", "\(answer.text)")
        }
        #expect(party.server.installation.mail.codes.isEmpty)
    }

    @Test("two stamps are none, of whatever kinds")
    func twoStamps() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let body = party.body("init_otp", Self.parameters)
        let stamp = ("X-Stamp", try TurnkeyParty.stamp(body, by: try #require(party.stamper)))
        for second in [stamp, ("X-Stamp-Attested", stamp.1)] {
            let answer = await party.server.call(.POST, Self.path, headers: [stamp, second], body: body)
            #expect(answer.status == 401 && answer.turnkeyError == "STAMP_MALFORMED")
        }
    }

    @Test("an attested stamp is for stamp_login only, and stamp_login for attested stamps")
    func kinds() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let token = try await party.makeUser()
        let body = party.body("init_otp", Self.parameters)
        let stamp = try TurnkeyParty.attestedStamp(body, by: party.client, token: token)
        #expect(
            await Self.stamped(party, stamp, name: "X-Stamp-Attested", body: body).turnkeyError == "STAMP_MALFORMED")
        let query = #"{"organizationId":"\#(party.organization)"}"#
        let asked = await server.call(
            .POST, "/public/v1/query/whoami",
            headers: [("X-Stamp-Attested", try TurnkeyParty.attestedStamp(query, by: party.client, token: token))],
            body: query)
        #expect(asked.status == 401 && asked.turnkeyError == "STAMP_MALFORMED")
        let plain = try await party.submit("stamp_login", #"{"publicKey":"\#(party.hexadecimal(party.client))"}"#)
        #expect(plain.status == 401 && plain.text("message")?.contains("X-Stamp-Attested") == true)
    }

    @Test("an unknown, a revoked and an expired key are told apart from nothing but a right stamp")
    func keys() async throws {
        let server = try await TestServer()
        var stranger = try await TurnkeyParty.backEnd(server)
        stranger.stamper = try SealedClient()
        let unknown = try await stranger.initiate("ada@example.com")
        #expect(unknown.status == 401 && unknown.turnkeyError == "PUBLIC_KEY_NOT_FOUND")

        let expiring = try SealedClient()
        let key = try await server.installation.keys.register(
            stamp: expiring.key, workspace: server.workspace.id, name: "", lifetime: 1, origin: .system)
        stranger.stamper = expiring
        #expect(try await stranger.initiate("ada@example.com").status == 200)
        server.installation.time.advance(seconds: 86_400)
        let expired = try await stranger.initiate("ada@example.com")
        #expect(expired.status == 401 && expired.turnkeyError == "API_KEY_EXPIRED")
        try await server.installation.keys.revoke(key.id, workspace: server.workspace.id, origin: .system)
        let revoked = try await stranger.initiate("ada@example.com")
        #expect(revoked.status == 401 && revoked.turnkeyError == "PUBLIC_KEY_NOT_FOUND")
    }

    @Test("a back end's key is refused where a page uses it, also one of an allowed origin")
    func keyInBrowser() async throws {
        let page = "https://app.example.com"
        var party = try await TurnkeyParty.backEnd(TestServer { $0.allowedOrigins = [page] })
        party.headers = [("Origin", page)]
        let answer = try await party.initiate("ada@example.com")
        #expect(answer.status == 403 && answer.turnkeyError == "PERMISSION_DENIED")
        #expect(answer.headers["Access-Control-Allow-Origin"] == nil)
        // Servers' fetch functions send this; a page cannot leave Origin out.
        party.headers = [("Sec-Fetch-Mode", "cors")]
        #expect(try await party.initiate("ada@example.com").status == 200)
    }

    @Test("another workspace's organizationId is refused, and so is one of no workspace")
    func organization() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let other = WorkspaceUUID.organization.text(for: try await server.installation.workspace().id)
        let configuration = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        for organization in [other, configuration, "x", String(repeating: "0", count: 36)] {
            let answer = try await party.submit("init_otp", Self.parameters, organization: organization)
            #expect(answer.status == 400 && answer.turnkeyError == "ORGANIZATION_MISMATCH", "\(answer.text)")
        }
        let token = try await party.makeUser()
        let foreign = try await party.logInByStamp(token, session: SealedClient(), organization: other)
        #expect(foreign.status == 401 && foreign.turnkeyError == "VERIFICATION_TOKEN_MISMATCH", "\(foreign.text)")
        let none = try await party.logInByStamp(token, session: SealedClient(), organization: configuration)
        #expect(none.status == 404 && none.turnkeyError == "ORGANIZATION_NOT_FOUND")
    }

    @Test("timestampMs may be five minutes off, and not a millisecond more", arguments: [-1, 1])
    func timestamp(side: Int64) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let good = try await party.submit("init_otp", Self.parameters, at: party.now + side * 300_000)
        #expect(good.status == 200)
        let bad = try await party.submit("init_otp", Self.parameters, at: party.now + side * 300_001)
        #expect(bad.status == 400 && bad.turnkeyError == "TIMESTAMP_OUT_OF_RANGE")
        #expect(party.server.installation.mail.codes.count == 1)
    }

    @Test(
        "an envelope that is none is refused by what is wrong with it",
        arguments: [
            ("{", "MALFORMED_BODY", "the body is not JSON"), ("[]", "MALFORMED_BODY", "the body is not a JSON object"),
            (#"{"type":"a","type":"b"}"#, "MALFORMED_BODY", "a field of the body comes twice"),
            (String(repeating: "[", count: 17), "MALFORMED_BODY", "the body is too long or nested too deeply"),
            ("", "MISSING_FIELD", "type is missing"), ("{}", "MISSING_FIELD", "type is missing"),
            (#"{"type":1}"#, "INVALID_FIELD", "type must be a string"),
            (#"{"type":"ACTIVITY_TYPE_SIGN_RAW"}"#, "INVALID_FIELD", "type must be ACTIVITY_TYPE_INIT_OTP_V3 here"),
            (#"{"type":"ACTIVITY_TYPE_INIT_OTP_V3"}"#, "MISSING_FIELD", "organizationId is missing"),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o"}"#, "MISSING_FIELD", "timestampMs is missing"
            ),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o","timestampMs":"soon"}"#, "INVALID_FIELD",
                "timestampMs must be a whole number"
            ),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o","timestampMs":"-1"}"#, "INVALID_FIELD",
                "timestampMs must be a whole number"
            ),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o","timestampMs":1795248000000}"#,
                "MISSING_FIELD", "parameters is missing"
            ),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o","timestampMs":"1795248000000","parameters":[]}"#,
                "INVALID_FIELD", "parameters must be an object"
            ),
            (
                #"{"type":"ACTIVITY_TYPE_INIT_OTP_V3","organizationId":"o","timestampMs":"1795248000000","parameters":{},"generateAppProofs":1}"#,
                "INVALID_FIELD", "generateAppProofs must be true or false"
            ),
        ])
    func envelope(body: String, name: String, message: String) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.stamped(Self.path, body)
        #expect(answer.status == 400 && answer.number("code") == 3 && answer.turnkeyError == name, "\(answer.text)")
        #expect(answer.text("message") == message)
    }

    @Test("paths and methods that are none answer in the dialect")
    func routes() async throws {
        let server = try await TestServer()
        for path in ["/public/v1/submit/other", "/public/v1/query/other", "/public/v2/x", "/v1/oauth_login"] {
            let answer = await server.call(.POST, path, body: "{}")
            #expect(answer.status == 404 && answer.number("code") == 5 && answer.turnkeyError == "ROUTE_NOT_FOUND")
        }
        let get = await server.call(.GET, Self.path)
        #expect(
            get.status == 405 && get.turnkeyError == "METHOD_NOT_ALLOWED" && get.headers["Allow"] == "POST, OPTIONS")
    }
}
