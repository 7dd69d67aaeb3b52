import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: auth proxy")
struct AuthProxyTests {
    @Test("length, alphabet and lifetimes are the workspace's, whatever the request says")
    func workspaceDecides() async throws {
        let server = try await TestServer {
            $0.sealedCodeLength = 6
            $0.sealedCodeAlphabet = .digits
            $0.sealedCodeLifetimeSeconds = 120
            $0.verificationTokenSeconds = 600
            $0.sessionSeconds = 60
        }
        let party = try TurnkeyParty.visitor(server)
        let challenge = try await party.start(
            more: #","otpLength":9,"alphanumeric":true,"expirationSeconds":"600","appName":"Evil""#)
        let code = try await party.code(of: challenge)
        #expect(code.count == 6 && code.allSatisfy(\.isNumber))
        #expect(server.installation.mail.messages.last?.wording.application == "test")
        let content = try TargetBundle(text: challenge.bundle).verified(
            pinned: try server.installation.pinnedKey(), challenge: challenge.id, now: party.now)
        #expect(content.expiresAt == party.now + 120_000)
        let answer = try await party.verify(
            challenge.id, party.seal(code, to: challenge).bundle, more: #","expirationSeconds":"86400""#)
        let token = try #require(answer.text("verificationToken"))
        #expect(try TurnkeyParty.claims(token, "exp") == String(party.now + 600_000))
        #expect(try await party.signUp(token).status == 200)
        let opened = try await party.logIn(token, session: SealedClient(), more: #","expirationSeconds":"86400""#)
        let session = try VerificationToken(try #require(opened.text("session"))).claims()
        #expect(session["exp"] == .integer(party.now / 1000 + 60))
    }

    @Test("wallet_kit_config tells the workspace's settings, also for an empty body")
    func configuration() async throws {
        let server = try await TestServer {
            $0.sealedCodeLength = 7
            $0.sessionSeconds = 1800
        }
        let party = try TurnkeyParty.visitor(server)
        for body in ["", "{}"] {
            let answer = await party.proxy("wallet_kit_config", body)
            #expect(answer.status == 200 && answer.text("organizationId") == party.organization)
            #expect(answer.text("sessionExpirationSeconds") == "1800" && answer.text("otpLength") == "7")
            #expect(answer.json?["otpAlphanumeric"] == .boolean(true))
            #expect(answer.json?["enabledProviders"]?.elements?.compactMap(\.text) == ["email", "sms"])
        }
        #expect(await party.proxy("wallet_kit_client_params", "{}").text == "{}")
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.settings.sessionMaximumSeconds = 1799
        }
        #expect(await party.proxy("wallet_kit_config", "{}").text("sessionExpirationSeconds") == "1799")
    }

    @Test("a session's token ends where the workspace's ceiling is, in either style of login")
    func sessionCeiling() async throws {
        let server = try await TestServer { $0.sessionMaximumSeconds = 60 }
        let party = try await TurnkeyParty.backEnd(server)
        let token = try await party.makeUser()
        let answers = [
            try await party.logIn(token, session: SealedClient(), more: #","expirationSeconds":"2592000""#),
            try await party.logInByStamp(
                try await party.prove(), session: SealedClient(), more: #","expirationSeconds":"2592000""#),
        ]
        for (answer, name) in zip(answers, ["otpLoginResult", "stampLoginResult"]) {
            let session = try #require(party.result(answer, name)?["session"]?.text, "\(answer.text)")
            #expect(try VerificationToken(session).claims()["exp"] == .integer(party.now / 1000 + 60))
        }
    }

    @Test("a missing, doubled, unknown or switched-off configuration lets nobody in")
    func configurations() async throws {
        let server = try await TestServer()
        let party = try TurnkeyParty.visitor(server)
        let header = try #require(party.headers.first)
        let missing = await server.call(.POST, "/v1/otp_init_v2", body: "{}")
        #expect(missing.status == 400 && missing.turnkeyError == "AUTH_PROXY_CONFIG_MISSING")
        let doubled = await server.call(.POST, "/v1/otp_init_v2", headers: [header, header], body: "{}")
        #expect(doubled.status == 400 && doubled.turnkeyError == "AUTH_PROXY_CONFIG_MISSING")
        for unknown in ["x", party.organization, String(repeating: "0", count: 36)] {
            let answer = await server.call(.POST, "/v1/otp_init_v2", headers: [(header.0, unknown)], body: "{}")
            #expect(answer.status == 404 && answer.turnkeyError == "AUTH_PROXY_CONFIG_NOT_FOUND")
        }
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.settings.authProxy = false
        }
        #expect(await party.proxy("wallet_kit_config", "{}").turnkeyError == "AUTH_PROXY_CONFIG_NOT_FOUND")
    }

    @Test("a switched-off auth proxy takes no client's stamped login either; back ends log in as before")
    func switchedOffLogin() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let token = try await party.makeUser()
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.settings.authProxy = false
        }
        let refused = try await party.logInByStamp(token, session: SealedClient())
        #expect(refused.status == 404 && refused.turnkeyError == "ORGANIZATION_NOT_FOUND", "\(refused.text)")
        #expect(try await party.logIn(token, session: SealedClient()).status == 200)
    }

    @Test("a contact becomes a user once, however many signups race")
    func signUpRace() async throws {
        let server = try await TestServer()
        var parties: [(TurnkeyParty, String)] = []
        for _ in 0..<3 {
            let party = try TurnkeyParty.visitor(server)
            parties.append((party, try await party.prove()))
        }
        let answers = try await withThrowingTaskGroup(of: TestServer.Answer.self) { group in
            for (party, token) in parties + parties {
                group.addTask { try await party.signUp(token) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0.status == 200 }.count == 1)
        for answer in answers where answer.status != 200 {
            #expect(["USER_ALREADY_EXISTS", "VERIFICATION_TOKEN_ALREADY_USED"].contains(answer.turnkeyError))
        }
        // Whoever lost the race logs in with the token that it has.
        let (loser, token) = parties[1]
        #expect(try await loser.logIn(token, session: SealedClient()).status == 200)
    }

    @Test("the keys that a user registers stamp from then on, and only if the client signed them")
    func registeredKeys() async throws {
        let server = try await TestServer()
        let party = try TurnkeyParty.visitor(server)
        func keys(_ client: SealedClient, _ more: String = "") -> String {
            #"[{"apiKeyName":"phone","publicKey":"\#(party.hexadecimal(client))","curveType":"API_KEY_CURVE_P256"\#(more)}]"#
        }
        let (mine, thief) = (try SealedClient(), try SealedClient())
        let token = try await party.prove()
        for (sent, signed) in [
            (keys(thief), "{}"), (keys(thief), #"{"apiKeys":\#(keys(mine))}"#),
            (keys(mine), #"{"apiKeys":\#(keys(mine, #","expirationSeconds":"60""#))}"#),
            ("[]", #"{"apiKeys":\#(keys(mine))}"#),
        ] {
            let answer = try await party.signUp(token, keys: sent, signed: signed)
            #expect(answer.status == 401 && answer.turnkeyError == "CLIENT_SIGNATURE_MISMATCH", "\(answer.text)")
        }
        #expect(try await party.signUp(token, keys: keys(mine, #","expirationSeconds":"60""#)).status == 200)
        var holder = party
        holder.stamper = mine
        #expect(try await holder.query("whoami").status == 200)
        server.installation.time.advance(seconds: 60)
        #expect(try await holder.query("whoami").turnkeyError == "PUBLIC_KEY_NOT_FOUND")
    }

    @Test("a message for a login makes no user")
    func otherUse() async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let token = try await party.prove()
        let message = try party.loginMessage(token, session: party.client)
        let answer = try await party.signUp(token, message: message, keys: "[]")
        #expect(answer.status == 401 && answer.turnkeyError == "CLIENT_SIGNATURE_MALFORMED")
        let id = try TurnkeyParty.claims(token, "id")
        let login = #"{"signupV2":{},"tokenId":"\#(id)","type":"USAGE_TYPE_LOGIN"}"#
        #expect(try await party.signUp(token, message: login, keys: "[]").turnkeyError == "CLIENT_SIGNATURE_MISMATCH")
    }

    @Test("the contact of a sign-up and of a look-up is the token's")
    func contacts() async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let token = try await party.prove("ada@example.com")
        for more in [#","userEmail":"eve@example.com""#, #","userPhoneNumber":"+4915112345678""#] {
            let answer = try await party.signUp(token, more: more)
            #expect(answer.status == 400 && answer.turnkeyError == "CONTACT_MISMATCH", "\(answer.text)")
        }
        let both = try await party.signUp(
            token, more: #","userEmail":"ada@example.com","userPhoneNumber":"+4915112345678""#)
        #expect(both.status == 400 && both.turnkeyError == "INVALID_FIELD")
        let lookedUp = await party.account("eve@example.com", token: token)
        #expect(lookedUp.status == 400 && lookedUp.turnkeyError == "CONTACT_MISMATCH")
        #expect(try await party.signUp(token, more: #","userEmail":"Ada@Example.com""#).status == 200)
    }

    @Test(
        "what would be another credential or a wallet is refused by name",
        arguments: [
            (#","authenticators":[{}]"#, "authenticators must be empty: there are none here"),
            (#","oauthProviders":[{}]"#, "oauthProviders must be empty: there are none here"),
            (#","authenticators":1"#, "authenticators must be a list of objects"),
            (#","wallet":{"walletName":"w"}"#, "wallet must be absent: there are none here"),
            (#","apiKeys":[{"publicKey":"x"}]"#, "apiKeys.0.curveType is missing"),
            (
                #","apiKeys":[{"curveType":"API_KEY_CURVE_ED25519"}]"#,
                "apiKeys.0.curveType must be API_KEY_CURVE_P256"
            ),
        ])
    func foreignCredentials(more: String, message: String) async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let token = try await party.prove()
        let answer = await party.proxy("signup_v2", #"{"verificationToken":"\#(token)"\#(more)}"#)
        #expect(answer.status == 400 && answer.text("message") == message, "\(answer.text)")
    }

    @Test("without a verification token nobody is looked up or made")
    func noToken() async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        for answer in [await party.account("ada@example.com", token: nil), await party.proxy("signup_v2", "{}")] {
            #expect(answer.status == 401 && answer.turnkeyError == "VERIFICATION_TOKEN_MISSING")
        }
    }

    @Test("a token looks up once, and only by e-mail address or number")
    func lookUps() async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let token = try await party.prove()
        for (type, value) in [("PUBLIC_KEY", "x"), ("PHONE_NUMBER", "ada@example.com"), ("EMAIL", "+4915112345678")] {
            let answer = await party.proxy(
                "account", #"{"filterType":"\#(type)","filterValue":"\#(value)","verificationToken":"\#(token)"}"#)
            #expect(answer.status == 400 && answer.turnkeyError == "INVALID_FIELD")
        }
        #expect(await party.account("ada@example.com", token: token).text == "{}")
        let again = await party.account("ada@example.com", token: token)
        #expect(again.status == 400 && again.turnkeyError == "VERIFICATION_TOKEN_ALREADY_USED")
    }

    @Test(
        "the routes that took codes in the clear name today's",
        arguments: ["otp_init", "otp_verify", "otp_login", "signup"])
    func legacyRoutes(name: String) async throws {
        let party = try TurnkeyParty.visitor(try await TestServer())
        let answer = await party.proxy(name, #"{"otpId":"x","otpCode":"123456"}"#)
        #expect(answer.status == 400 && answer.turnkeyError == "LEGACY_ACTIVITY_TYPE")
        #expect(answer.text("message")?.hasSuffix("/v1/\(name)_v2") == true)
        let plain = await party.proxy("otp_verify_v2", #"{"otpId":"x","otpCode":"123456"}"#)
        #expect(plain.status == 400 && plain.turnkeyError == "LEGACY_ACTIVITY_TYPE")
    }

    @Test("another organization than the configuration's is refused at login")
    func organization() async throws {
        let server = try await TestServer()
        let party = try TurnkeyParty.visitor(server)
        let token = try await party.makeUser()
        let other = WorkspaceUUID.organization.text(for: try await server.installation.workspace().id)
        let answer = try await party.logIn(token, session: SealedClient(), more: #","organizationId":"\#(other)""#)
        #expect(answer.status == 400 && answer.turnkeyError == "INVALID_FIELD")
    }

    @Test("a visitor does not learn that a send was refused for the contact's sake, and its code never verifies")
    func decoy() async throws {
        let server = try await TestServer { $0.recipientLimit = 1 }
        let party = try TurnkeyParty.visitor(server)
        let real = try await party.start("+4915112345678")
        for contact in ["+4915112345678", "+499001234567"] {
            let decoy = try await party.start(contact)
            #expect(decoy.id != real.id)
            // Signatures have several lengths, what they are over has one.
            #expect(try TargetBundle(text: decoy.bundle).data.count == TargetBundle(text: real.bundle).data.count)
            let answer = try await party.attempt("123456789", at: decoy)
            #expect(answer.text("message") == "Invalid OTP code" && answer.attemptsRemaining == 2)
        }
        #expect(await server.installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(server.installation.mail.codes.count == 1)
    }

    @Test("each network has its own limit over all routes, and the answer says what it is")
    func visitorLimit() async throws {
        let page = "https://app.example.com"
        let server = try await TestServer {
            $0.visitorLimit = 3
            $0.allowedOrigins = [page]
        }
        var party = try TurnkeyParty.visitor(server, page: page)
        for name in ["wallet_kit_config", "otp_init_v2", "account"] { _ = await party.proxy(name, "{}") }
        let answer = await party.proxy("wallet_kit_config", "{}")
        #expect(answer.status == 429 && answer.number("code") == 8 && answer.turnkeyError == "RATE_LIMITED")
        #expect(answer.text("message") == "Too many requests. Please wait and try again in a few seconds")
        #expect(answer.headers["ratelimit-limit"] == "3" && answer.headers["ratelimit-remaining"] == "0")
        #expect(answer.headers["Access-Control-Allow-Origin"] == page)
        let exposed = answer.headers["Access-Control-Expose-Headers"] ?? ""
        for header in ["RateLimit", "RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "Retry-After"] {
            #expect(exposed.split(separator: ", ").contains(header[...]))
        }
        let wait = try #require(answer.headers["Retry-After"].flatMap { Int($0) })
        let token = try await TurnkeyParty.backEnd(server)
        #expect(try await token.logInByStamp("x", session: SealedClient()).status == 429)
        party.peer = .address(ip: "192.0.3.1", port: 1)
        #expect(await party.proxy("wallet_kit_config", "{}").status == 200)
        party.peer = .address(ip: "192.0.2.99", port: 1)
        server.installation.time.advance(seconds: wait)
        #expect(await party.proxy("wallet_kit_config", "{}").status == 200)
    }

    @Test("a captcha is asked for before a code is sent and before somebody signs up, and nowhere else")
    func captcha() async throws {
        let server = try await TestServer {
            $0.captcha = .required
            $0.captchaSiteKey = "site-key"
        }
        let party = try TurnkeyParty.visitor(server)
        let solved = party.with(captcha: "solved")
        let provider = server.installation.captchaProvider
        #expect(await party.proxy("wallet_kit_client_params", "{}").text == #"{"turnstileSiteKey":"site-key"}"#)
        provider.answer(.refused)
        for token in [nil, "", "guessed", String(repeating: "x", count: 2049)] {
            let answer = try await party.with(captcha: token).initiate("ada@example.com")
            #expect([400, 403].contains(answer.status))
            #expect(["CAPTCHA_REFUSED", "INVALID_FIELD"].contains(answer.turnkeyError), "\(answer.text)")
        }
        #expect(server.installation.mail.codes.isEmpty)
        provider.answer(.passed)
        #expect(try await party.initiate("ada@example.com").turnkeyError == "CAPTCHA_REFUSED")
        let challenge = try await solved.start()
        #expect(provider.questions.last?.address == "192.0.2.1" && provider.questions.last?.token.value == "solved")
        let verified = try await party.attempt(try await party.code(of: challenge), at: challenge)
        let token = try #require(verified.text("verificationToken"))
        #expect(try await party.signUp(token).turnkeyError == "CAPTCHA_REFUSED")
        #expect(try await solved.signUp(token).status == 200)
        #expect(try await party.logIn(token, session: SealedClient()).status == 200)
    }

    @Test(
        "a back end is not asked for captchas; a provider that does not answer lets nobody in unless the workspace says so"
    )
    func captchaProvider() async throws {
        let server = try await TestServer { $0.captcha = .required }
        try await TurnkeyParty.backEnd(server).start()
        server.installation.captchaProvider.answer(.unavailable)
        let party = try TurnkeyParty.visitor(server).with(captcha: "solved")
        let closed = try await party.initiate("grace@example.com")
        #expect(closed.status == 503 && closed.turnkeyError == "UNAVAILABLE")
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.settings.captchaFailsOpen = true
        }
        try await party.start("grace@example.com")
    }
}

extension TurnkeyParty {
    fileprivate func with(captcha token: String?) -> Self {
        var party = self
        if let token { party.headers.append(("X-Captcha-Token", token)) }
        return party
    }
}
