import Crypto
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: whole flows")
struct TurnkeyFlowTests {
    @Test("a back end's person proves an address, and both login styles open a session that whoami knows")
    func activities() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        try await party.makeUser()
        for usesStamp in [false, true] {
            let (token, session) = (try await party.prove(), try SealedClient())
            let answer =
                usesStamp
                ? try await party.logInByStamp(token, session: session)
                : try await party.logIn(token, session: session)
            let name = usesStamp ? "stampLoginResult" : "otpLoginResult"
            let jwt = try #require(party.result(answer, name)?["session"]?.text, "\(answer.text)")
            let claims = try Self.verified(session: jwt, of: server)
            #expect(claims["public_key"]?.text == session.key.compressedHexadecimal)
            #expect(claims["organization_id"]?.text == party.organization)
            #expect(claims["exp"] == .integer(party.now / 1000 + 900))
            try await Self.expectWhoAmI(claims["user_id"]?.text, session, party)
        }
    }

    @Test("an app does it all without a key, and so does a page of an allowed origin")
    func authProxy() async throws {
        let page = "https://app.example.com"
        let server = try await TestServer { $0.allowedOrigins = [page] }
        for (origin, contact) in [(nil, "ada@example.com"), (page, "+4915112345678")] {
            let party = try TurnkeyParty.visitor(server, page: origin)
            let token = try await party.prove(contact)
            #expect(await party.account(contact, token: token).text == "{}")
            let made = try await party.signUp(token, more: #","userName":"Ada""#)
            #expect(made.status == 200 && made.text("organizationId") == party.organization)
            let user = try #require(made.text("userId"))
            let session = try SealedClient()
            let opened = try await party.logIn(
                token, session: session, more: #","organizationId":"\#(party.organization)""#)
            let claims = try Self.verified(session: try #require(opened.text("session"), "\(opened.text)"), of: server)
            #expect(claims["user_id"]?.text == user)
            try await Self.expectWhoAmI(user, session, party, name: "Ada")

            let again = try await party.prove(contact)
            #expect(await party.account(contact, token: again).text("organizationId") == party.organization)
            #expect(try await party.logInByStamp(again, session: SealedClient()).status == 200)
        }
    }

    @Test("a client may log in with the token's own key as the session's")
    func sameKey() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let token = try await party.makeUser()
        #expect(try await party.logInByStamp(token, session: party.client).status == 200)
        try await Self.expectWhoAmI(nil, party.client, party)
    }

    @Test("newer clients' messages open a session and make a user too: loginV2 and signupV3")
    func newerMessages() async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let (token, session) = (try await party.prove(), try SealedClient())
        let id = try TurnkeyParty.claims(token, "id")
        let key =
            #"{"apiKeyName":"phone","publicKey":"\#(party.hexadecimal(session))","curveType":"API_KEY_CURVE_P256"}"#
        let signUp = """
            {"signupV3":{"parentOrganizationId":"\(party.organization)","subOrganizationName":"x","rootQuorumThreshold":1,\
            "rootUsers":[{"userName":"Ada","apiKeys":[\(key)],"authenticators":[],"oauthProviders":[]}]},\
            "tokenId":"\(id)","type":"USAGE_TYPE_SIGNUP"}
            """
        let made = try await party.signUp(token, message: signUp, keys: "[\(key)]")
        #expect(made.status == 200, "\(made.text)")
        func login(_ organization: String, _ seconds: Int) -> String {
            #"{"loginV2":{"organizationId":"\#(organization)","publicKey":"\#(party.hexadecimal(session))","expirationSeconds":"\#(seconds)"},"tokenId":"\#(id)","type":"USAGE_TYPE_LOGIN"}"#
        }
        for message in [login(party.organization.uppercased(), 900), login(party.organization, 899)] {
            let refused = try await party.logIn(token, session: session, message: message)
            #expect(refused.turnkeyError == "CLIENT_SIGNATURE_MISMATCH", "\(refused.text)")
        }
        let opened = try await party.logIn(token, session: session, message: login(party.organization, 900))
        #expect(opened.status == 200, "\(opened.text)")
    }

    @Test("a sandbox takes its two contacts and their fixed code, sends nothing, and signs with keys of its own")
    func sandbox() async throws {
        let server = try await TestServer { $0.sandbox = true }
        let party = try await TurnkeyParty.backEnd(server)
        let visitor = try TurnkeyParty.visitor(server)
        for (asker, contact) in [(party, "user@example.com"), (visitor, "+19999999999")] {
            let challenge = try await asker.start(contact)
            let answer = try await asker.attempt("000000", at: challenge, mode: .test)
            #expect(asker.result(answer, "verifyOtpResult")?["verificationToken"] != nil, "\(answer.text)")
            let other = try await asker.initiate("ada@example.com")
            #expect(other.status == 400 && other.turnkeyError == "CONTACT_NOT_IN_SANDBOX")
        }
        #expect(server.installation.mail.codes.isEmpty)
        #expect(await visitor.proxy("wallet_kit_config", "{}").text("otpLength") == "6")
    }

    /// Checks a session as clients do: ES256 over the SHA-256 of the SHA-256, by the notary's key.
    private static func verified(session jwt: String, of server: TestServer) throws -> JSONValue {
        let parts = jwt.split(separator: ".")
        let notary = try P256PublicKey(uncompressedHexadecimal: try #require(server.installation.signingKeys.notaryKey))
        let once = Array(SHA256.hash(data: Array(jwt.utf8.prefix(jwt.utf8.count - parts[2].utf8.count - 1))))
        #expect(notary.isValidSignature(raw: try Base64URL.decode(parts[2]), for: once))
        let claims = try JSONValue(parsing: Base64URL.decode(parts[1]))
        #expect(claims["session_type"]?.text == "SESSION_TYPE_READ_WRITE")
        return claims
    }

    private static func expectWhoAmI(
        _ user: String?, _ session: SealedClient, _ party: TurnkeyParty, name: String = ""
    ) async throws {
        var holder = party
        holder.stamper = session
        let answer = try await holder.query("whoami")
        #expect(answer.status == 200 && answer.text("organizationId") == party.organization, "\(answer.text)")
        #expect(answer.text("organizationName") == "test" && answer.text("username") == name)
        if let user { #expect(answer.text("userId") == user) }
    }
}
