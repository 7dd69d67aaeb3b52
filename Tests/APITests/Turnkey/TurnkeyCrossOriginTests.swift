import Fixtures
import HTTPServer
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: pages of other origins")
struct TurnkeyCrossOriginTests {
    private static let page = "https://app.example.com"
    private static let other = "https://other.example.com"
    private static let routes =
        ["otp_init_v2", "otp_verify_v2", "otp_login_v2", "signup_v2", "account", "wallet_kit_config"].map {
            "/v1/\($0)"
        }
        + ["submit/stamp_login", "query/whoami", "query/get_activity"].map { "/public/v1/\($0)" }

    private static func preflight(
        _ server: TestServer, _ path: String, _ origins: [String], headers: String = "content-type, x-captcha-token"
    ) async -> TestServer.Answer {
        await server.call(
            .OPTIONS, path,
            headers: origins.map { ("Origin", $0) } + [
                ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", headers),
            ])
    }

    @Test("a preflight is answered on every route for an origin that some workspace lists", arguments: routes)
    func preflight(path: String) async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let answer = await Self.preflight(server, path, [Self.page])
        #expect(answer.status == 204 && answer.headers["Access-Control-Allow-Origin"] == Self.page)
        #expect(answer.headers["Access-Control-Allow-Methods"] == "POST")
        #expect(answer.headers["Access-Control-Allow-Headers"] == "content-type, x-captcha-token")
        #expect(answer.headers["Access-Control-Max-Age"] == "600")
        #expect(answer.headers["Vary"]?.contains("Origin") == true)
        #expect(answer.headers["Access-Control-Allow-Credentials"] == nil)
    }

    @Test("a header is allowed only if it is one of ours")
    func requestHeaders() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let answer = await Self.preflight(
            server, "/v1/otp_init_v2", [Self.page],
            headers: "X-Auth-Proxy-Config-ID,Content-Type ,x-evil,X-Client-Version,cookie,X-Stamp-Attested")
        #expect(
            answer.headers["Access-Control-Allow-Headers"]
                == "x-auth-proxy-config-id, content-type, x-client-version, x-stamp-attested")
    }

    @Test(
        "an origin that nobody lists character by character learns nothing",
        arguments: [
            ["https://evil.example.com"], ["http://app.example.com"], ["https://app.example.com/"],
            ["https://APP.example.com"], ["https://app.example.com:443"], ["https://app.example.com.evil.example"],
            ["null"], ["*"], [""], [page, page], [],
        ])
    func strangers(origins: [String]) async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let preflight = await Self.preflight(server, "/v1/otp_init_v2", origins)
        #expect(preflight.status == 204 && preflight.headers["Allow"] == "POST, OPTIONS")
        #expect(preflight.headers["Access-Control-Allow-Origin"] == nil)
        guard !origins.isEmpty else { return }
        var party = try TurnkeyParty.visitor(server)
        party.headers += origins.map { ("Origin", $0) }
        let answer = try await party.initiate("ada@example.com")
        #expect(answer.status == 403 && answer.turnkeyError == "ORIGIN_NOT_ALLOWED")
        #expect(answer.headers["Access-Control-Allow-Origin"] == nil && answer.headers["Vary"] == "Origin")
        #expect(await server.installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(server.installation.mail.codes.isEmpty)
    }

    @Test("a new workspace lets apps in, and pages of no origin")
    func byDefault() async throws {
        let server = try await TestServer()
        #expect(try await TurnkeyParty.visitor(server).initiate("ada@example.com").status == 200)
        let page = try await TurnkeyParty.visitor(server, page: Self.page).initiate("ada@example.com")
        #expect(page.status == 403)
    }

    @Test("an origin of one workspace has no way into another")
    func otherWorkspace() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        _ = try await server.installation.workspace { $0.allowedOrigins = [Self.other] }
        #expect(await Self.preflight(server, "/v1/account", [Self.other]).headers["Access-Control-Allow-Origin"] != nil)
        let answer = try await TurnkeyParty.visitor(server, page: Self.other).initiate("ada@example.com")
        #expect(answer.status == 403 && answer.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test("an allowed page reads answers and refusals alike, and what they say about limits")
    func shared() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.other, Self.page] }
        let party = try TurnkeyParty.visitor(server, page: Self.page)
        let token = try await party.makeUser("grace@example.com")
        let challenge = try await party.start()
        let answers = [
            try await party.initiate("ada@example.com"), await party.proxy("otp_init_v2", "{"),
            try await party.attempt("WRONGCODE", at: challenge), await party.proxy("account", "{}"),
            try await party.logInByStamp(token, session: SealedClient()),
            try await party.logInByStamp(token, session: SealedClient()),
        ]
        #expect(answers.map(\.status) == [200, 400, 400, 400, 200, 400])
        for answer in answers {
            #expect(answer.headers["Access-Control-Allow-Origin"] == Self.page && answer.headers["Vary"] == "Origin")
            #expect(answer.headers["Access-Control-Allow-Credentials"] == nil)
            #expect(answer.headers["Access-Control-Expose-Headers"]?.contains("Retry-After") == true)
        }
    }

    @Test(
        "an allowed page reads what the server itself refuses where pages may ask; no other page does, nor anywhere else",
        arguments: [
            ("/v1/otp_init_v2", HTTPMethod.GET, 405, true), ("/v1/otp_nothing", .GET, 404, true),
            ("/public/v1/query/whoami", .PUT, 405, true), ("/public/v1/nothing", .GET, 404, true),
            ("/v1/challenges", .GET, 405, true), ("/v1/sessions/a/b", .GET, 404, true),
            ("/api/v1/send-otp", .GET, 405, false), ("/v1/workspace", .POST, 405, false),
            ("/nothing", .GET, 404, false),
        ])
    func ownRefusals(path: String, method: HTTPMethod, status: Int, isShared: Bool) async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        _ = await Self.preflight(server, "/v1/otp_init_v2", [Self.page])
        for (origins, isRead) in [([Self.page], isShared), ([Self.other], false), ([Self.page, Self.page], false)] {
            let answer = await server.call(method, path, headers: origins.map { ("Origin", $0) })
            #expect(answer.status == status)
            #expect(answer.headers["Access-Control-Allow-Origin"] == (isRead ? Self.page : nil))
            #expect(answer.headers["Vary"] == (isShared ? "Origin" : nil))
        }
    }

    @Test("a page whose clock is wrong can read that it is")
    func wrongClock() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let party = try TurnkeyParty.visitor(server, page: Self.page)
        let body = party.body("stamp_login", "{}", at: party.now - 300_001)
        let stamp = try TurnkeyParty.attestedStamp(body, by: party.client, token: "x")
        let answer = await server.call(
            .POST, "/public/v1/submit/stamp_login", headers: party.headers + [("X-Stamp-Attested", stamp)], body: body)
        #expect(answer.turnkeyError == "TIMESTAMP_OUT_OF_RANGE")
        #expect(answer.headers["Access-Control-Allow-Origin"] == Self.page)
    }

    @Test("a session's page asks whoami, and reads that a session has ended; other pages read nothing")
    func sessions() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        var party = try TurnkeyParty.visitor(server, page: Self.page)
        let token = try await party.makeUser()
        let session = try SealedClient()
        #expect(try await party.logIn(token, session: session).status == 200)
        party.stamper = session
        for status in [200, 401] {
            let answer = try await party.query("whoami")
            #expect(answer.status == status && answer.headers["Access-Control-Allow-Origin"] == Self.page)
            server.installation.time.advance(seconds: 900)
        }
        party.headers = [("Origin", Self.other)]
        let stranger = try await party.query("whoami")
        #expect(stranger.status == 403 && stranger.headers["Access-Control-Allow-Origin"] == nil)
    }
}
