import Crypto
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: activities")
struct ActivityTests {
    @Test("an activity answers in the documented shape")
    func shape() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let body = party.body(
            "init_otp", #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#)
        let answer = try await party.stamped("/public/v1/submit/init_otp", body)
        let activity = try #require(answer.json?["activity"], "\(answer.text)")
        #expect(activity["id"]?.text?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
        #expect(activity["organizationId"]?.text == party.organization)
        #expect(activity["status"]?.text == "ACTIVITY_STATUS_COMPLETED")
        #expect(activity["type"]?.text == "ACTIVITY_TYPE_INIT_OTP_V3")
        #expect(activity["intent"]?.members?.isEmpty == true && activity["votes"]?.elements?.isEmpty == true)
        #expect(activity["canApprove"] == .boolean(false) && activity["canReject"] == .boolean(false))
        let digest = Hexadecimal.encode(Array(SHA256.hash(data: Array(body.utf8))))
        #expect(activity["fingerprint"]?.text == "sha256:\(digest)")
        for time in ["createdAt", "updatedAt"] {
            #expect(activity[time]?["seconds"]?.text == String(party.now / 1000))
            #expect(activity[time]?["nanos"]?.text == "0")
        }
        #expect(activity["result"]?.members?.map(\.name) == ["initOtpResultV2"])
        #expect(activity["result"]?["initOtpResultV2"]?.members?.count == 2)
    }

    @Test("older types are taken with today's parameters, and named back as they were sent")
    func elderTypes() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        try await party.makeUser()
        let challenge = try await party.start()
        let bundle = try party.seal(try await party.code(of: challenge), to: challenge).bundle
        let verified = try await party.submit(
            "verify_otp", #"{"otpId":"\#(challenge.id)","encryptedOtpBundle":\#(JSONText.quoted(bundle))}"#,
            type: "ACTIVITY_TYPE_VERIFY_OTP")
        let token = try #require(party.result(verified, "verifyOtpResult")?["verificationToken"]?.text)
        #expect(verified.json?["activity"]?["type"]?.text == "ACTIVITY_TYPE_VERIFY_OTP")
        let session = try SealedClient()
        let signature = try party.clientSignature(party.loginMessage(token, session: session))
        let login = try await party.submit(
            "otp_login",
            #"{"verificationToken":"\#(token)","publicKey":"\#(party.hexadecimal(session))","clientSignature":\#(signature)}"#,
            type: "ACTIVITY_TYPE_OTP_LOGIN")
        #expect(party.result(login, "otpLoginResult")?["session"] != nil, "\(login.text)")
    }

    @Test(
        "the generation that sent codes in the clear is refused with the name of today's type",
        arguments: [
            ("init_otp", "ACTIVITY_TYPE_INIT_OTP", "{}", "ACTIVITY_TYPE_INIT_OTP_V3"),
            ("init_otp", "ACTIVITY_TYPE_INIT_OTP_V2", "{}", "ACTIVITY_TYPE_INIT_OTP_V3"),
            ("init_otp", "ACTIVITY_TYPE_INIT_OTP_AUTH_V3", "{}", "ACTIVITY_TYPE_INIT_OTP_V3"),
            ("init_otp_auth", "ACTIVITY_TYPE_INIT_OTP_AUTH_V3", "{}", "ACTIVITY_TYPE_INIT_OTP_V3"),
            ("otp_auth", "ACTIVITY_TYPE_OTP_AUTH", "{}", "ACTIVITY_TYPE_INIT_OTP_V3"),
            ("verify_otp", "ACTIVITY_TYPE_OTP_AUTH", "{}", "ACTIVITY_TYPE_VERIFY_OTP_V2"),
            (
                "verify_otp", "ACTIVITY_TYPE_VERIFY_OTP", #"{"otpId":"x","otpCode":"123456"}"#,
                "ACTIVITY_TYPE_VERIFY_OTP_V2"
            ),
            (
                "otp_login", "ACTIVITY_TYPE_OTP_LOGIN", #"{"verificationToken":"x","publicKey":"y"}"#,
                "ACTIVITY_TYPE_OTP_LOGIN_V2"
            ),
        ])
    func legacy(path: String, type: String, parameters: String, today: String) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.submit(path, parameters, type: type)
        #expect(answer.status == 400 && answer.turnkeyError == "LEGACY_ACTIVITY_TYPE", "\(answer.text)")
        #expect(answer.text("message")?.contains(today) == true)
    }

    @Test("a type of another path, or of no path, is refused with the one that belongs here")
    func otherTypes() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        for type in ["ACTIVITY_TYPE_INIT_OTP_V3", "ACTIVITY_TYPE_INIT_OTP_V4", "ACTIVITY_TYPE_STAMP_LOGIN", "x"] {
            let answer = try await party.submit("verify_otp", "{}", type: type)
            #expect(answer.status == 400 && answer.turnkeyError == "INVALID_FIELD")
            #expect(answer.text("message") == "type must be ACTIVITY_TYPE_VERIFY_OTP_V2 here")
        }
    }

    @Test("the same request gets the same activity again, and sends no second message")
    func replay() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let body = party.body(
            "init_otp", #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#)
        let first = try await party.stamped("/public/v1/submit/init_otp", body)
        server.installation.time.advance(seconds: 290)
        let again = try await party.stamped("/public/v1/submit/init_otp", body)
        #expect(first.status == 200 && first.text == again.text)
        #expect(server.installation.mail.codes.count == 1)
    }

    @Test("many at a time with the same request have one effect: they see it done or under way, under one id")
    func racingReplays() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let body = party.body(
            "init_otp", #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#)
        let answers = try await withThrowingTaskGroup(of: TestServer.Answer.self) { group in
            for _ in 0..<20 { group.addTask { try await party.stamped("/public/v1/submit/init_otp", body) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let activities = answers.compactMap { $0.json?["activity"] }
        #expect(activities.count == 20 && Set(activities.map { $0["id"]?.text }).count == 1)
        for activity in activities where activity["status"]?.text != "ACTIVITY_STATUS_COMPLETED" {
            #expect(activity["status"]?.text == "ACTIVITY_STATUS_PENDING")
            #expect(activity["result"]?.members?.isEmpty == true)
        }
        #expect(server.installation.mail.codes.count == 1)
        let id = try #require(activities.first?["id"]?.text)
        let polled = try await party.query("get_activity", #","activityId":"\#(id)""#)
        #expect(polled.json?["activity"]?["status"]?.text == "ACTIVITY_STATUS_COMPLETED")
    }

    @Test("a wrong attempt that is sent again is the same attempt, and costs nothing")
    func replayedAttempt() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let challenge = try await party.start()
        let bundle = JSONText.quoted(try party.seal("WRONGCODE", to: challenge).bundle)
        let body = party.body("verify_otp", #"{"otpId":"\#(challenge.id)","encryptedOtpBundle":\#(bundle)}"#)
        for _ in 0..<4 {
            let answer = try await party.stamped("/public/v1/submit/verify_otp", body)
            #expect(answer.text("message") == "Invalid OTP code" && answer.attemptsRemaining == 2)
        }
        #expect(try await party.attempt(try await party.code(of: challenge), at: challenge).status == 200)
    }

    @Test("a login that is sent again gets the same session again, and a token still serves one")
    func replayedLogin() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let token = try await party.makeUser()
        let body = party.body("stamp_login", #"{"publicKey":"\#(party.hexadecimal(party.client))"}"#)
        let stamp = try TurnkeyParty.attestedStamp(body, by: party.client, token: token)
        func send() async -> TestServer.Answer {
            await party.server.call(
                .POST, "/public/v1/submit/stamp_login", headers: [("X-Stamp-Attested", stamp)], body: body)
        }
        let first = await send()
        #expect(first.status == 200, "\(first.text)")
        #expect(await send().text == first.text)
        let other = try await party.logInByStamp(token, session: SealedClient())
        #expect(other.status == 400 && other.turnkeyError == "VERIFICATION_TOKEN_ALREADY_USED")
    }

    @Test("somebody else's stamp on a body that was seen before is another activity")
    func replayByAnother() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let token = try await party.makeUser()
        let body = party.body("stamp_login", #"{"publicKey":"\#(party.hexadecimal(party.client))"}"#)
        func send(by key: SealedClient) async throws -> TestServer.Answer {
            let stamp = try TurnkeyParty.attestedStamp(body, by: key, token: token)
            return await server.call(
                .POST, "/public/v1/submit/stamp_login", headers: [("X-Stamp-Attested", stamp)], body: body)
        }
        #expect(try await send(by: party.client).status == 200)
        let thief = try await send(by: SealedClient())
        #expect(thief.status == 401 && thief.turnkeyError == "CLIENT_SIGNATURE_KEY_MISMATCH")
    }

    @Test("the same login with another token is another login")
    func replayWithAnotherToken() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        try await party.makeUser()
        let tokens = [try await party.prove(), try await party.prove()]
        let session = try SealedClient()
        let body = party.body("stamp_login", #"{"publicKey":"\#(party.hexadecimal(session))"}"#)
        var sessions: Set<String> = []
        for token in tokens {
            let stamp = try TurnkeyParty.attestedStamp(body, by: party.client, token: token)
            let answer = await server.call(
                .POST, "/public/v1/submit/stamp_login", headers: [("X-Stamp-Attested", stamp)], body: body)
            sessions.insert(
                try #require(
                    answer.json?["activity"]?["result"]?["stampLoginResult"]?["session"]?.text, "\(answer.text)"))
        }
        #expect(sessions.count == 2)
        for token in tokens {
            let spent = try await party.logInByStamp(token, session: session)
            #expect(spent.turnkeyError == "VERIFICATION_TOKEN_ALREADY_USED", "\(spent.text)")
        }
    }

    @Test("a request that failed because the server could not answer may be sent again")
    func retryAfterFailure() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let body = party.body(
            "init_otp", #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#)
        server.installation.enclave.goDown()
        let down = try await party.stamped("/public/v1/submit/init_otp", body)
        #expect(down.status == 503 && down.number("code") == 14 && down.headers["Retry-After"] == "1")
        try await server.installation.restartEnclave()
        #expect(try await party.stamped("/public/v1/submit/init_otp", body).status == 200)
    }

    @Test("what was done before a restart of the server is not done again")
    func durableReplay() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let body = party.body(
            "init_otp", #"{"otpType":"OTP_TYPE_EMAIL","contact":"ada@example.com","appName":"Shop"}"#)
        let first = try await party.stamped("/public/v1/submit/init_otp", body)
        var restarted = party
        restarted = TurnkeyParty(server: try server.restarted(), client: party.client, stamper: party.stamper)
        let again = try await restarted.stamped("/public/v1/submit/init_otp", body)
        #expect(again.status == 200, "\(again.text)")
        #expect(again.json?["activity"]?["result"] == first.json?["activity"]?["result"])
        #expect(server.installation.mail.codes.count == 1)
    }

    @Test("get_activity shows an activity to its own workspace's back ends, with its failure, and to nobody else")
    func getActivity() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let colleague = try await TurnkeyParty.backEnd(server)
        let answer = try await party.initiate("ada@example.com")
        let id = try #require(answer.json?["activity"]?["id"]?.text)
        #expect(try await colleague.query("get_activity", #","activityId":"\#(id)""#).text == answer.text)

        let foreign = try await TurnkeyParty.backEnd(server, of: try await server.installation.workspace())
        let refused = try await foreign.query("get_activity", #","activityId":"\#(id)""#)
        #expect(refused.status == 400 && refused.turnkeyError == "ORGANIZATION_MISMATCH")
        var user = party
        user.client = try SealedClient()
        let token = try await user.makeUser("grace@example.com")
        #expect(try await user.logInByStamp(token, session: user.client).status == 200)
        user.stamper = user.client
        for asker in [party, user] {
            for wanted in [id, "nothing"] where wanted == "nothing" || asker.stamper?.key != party.stamper?.key {
                let unknown = try await asker.query("get_activity", #","activityId":"\#(wanted)""#)
                #expect(unknown.status == 404 && unknown.turnkeyError == "ACTIVITY_NOT_FOUND")
            }
        }
    }

    @Test("a body without activityId or organizationId is refused by name")
    func incompleteQueries() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let noActivity = try await party.query("get_activity")
        #expect(noActivity.status == 400 && noActivity.text("message") == "activityId is missing")
        let nobody = try await party.stamped("/public/v1/query/whoami", "{}")
        #expect(nobody.status == 400 && nobody.text("message") == "organizationId is missing")
    }

    @Test("whoami names the back end's key where a back end asks")
    func whoAmIBackEnd() async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.query("whoami")
        #expect(answer.status == 200 && answer.text("userId")?.hasPrefix("key_") == true)
        #expect(answer.text("organizationId") == party.organization)
    }

    @Test("a user who registers a back end's public key does not stand in its way")
    func registeredForeignKey() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let visitor = try TurnkeyParty.visitor(server)
        let stamper = try #require(party.stamper)
        let key = #"[{"apiKeyName":"x","publicKey":"\#(party.hexadecimal(stamper))","curveType":"API_KEY_CURVE_P256"}]"#
        #expect(try await visitor.signUp(try await visitor.prove(), keys: key).status == 200)
        #expect(try await party.query("whoami").text("userId")?.hasPrefix("key_") == true)
    }

    @Test("an ended or expired session's key is unknown")
    func endedSessions() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let (first, second) = (try SealedClient(), try SealedClient())
        let token = try await party.makeUser()
        #expect(try await party.logInByStamp(token, session: first, more: #","expirationSeconds":"60""#).status == 200)
        func whoAmI(_ session: SealedClient) async throws -> TestServer.Answer {
            var holder = party
            holder.stamper = session
            return try await holder.query("whoami")
        }
        #expect(try await whoAmI(first).status == 200)
        let again = try await party.logIn(
            try await party.prove(), session: second, more: #","invalidateExisting":true,"expirationSeconds":"60""#)
        #expect(again.status == 200, "\(again.text)")
        let ended = try await whoAmI(first)
        #expect(ended.status == 401 && ended.turnkeyError == "PUBLIC_KEY_NOT_FOUND")
        #expect(ended.text("message") == "could not find public key in organization or its parent organization")
        #expect(try await whoAmI(second).status == 200)
        server.installation.time.advance(seconds: 60)
        #expect(try await whoAmI(second).status == 401)
    }
}
