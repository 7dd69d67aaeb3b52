import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Testing
import Workspaces

@Suite("Visitors of our own sealed API")
struct SealedVisitorTests {
    private static let page = "https://app.example.com"

    @Test("a page of an allowed origin may read what comes of its requests, refusals included")
    func allowedPage() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let visitor = try SealedParty.visitor(server, page: Self.page)
        for answer in [await visitor.start(), await visitor.start("nobody")] {
            #expect(answer.headers["Access-Control-Allow-Origin"] == Self.page)
            #expect(answer.headers.values("Vary").contains("Origin"))
            #expect(answer.headers["Access-Control-Allow-Credentials"] == nil)
        }
        let session = try await visitor.openSession()
        for (method, path) in [(HTTPMethod.GET, "/v1/sessions/me"), (.DELETE, "/v1/sessions/none")] {
            let answer = try await visitor.inSession(method, path, session.token, headers: [("Origin", Self.page)])
            #expect(answer.headers["Access-Control-Allow-Origin"] == Self.page)
        }
        let refused = try await visitor.inSession(
            .GET, "/v1/sessions/me", session.token, proof: "none", headers: [("Origin", Self.page)])
        #expect(refused.status == 401 && refused.headers["Access-Control-Allow-Origin"] == Self.page)
    }

    @Test(
        "a page of any other origin is refused and reads nothing",
        arguments: [
            "https://evil.example.com", "http://app.example.com", "https://app.example.com:8443",
            "https://app.example.com.evil.com", "https://APP.example.com", "https://app.example.com/", "null", "",
        ])
    func otherPage(_ origin: String) async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let visitor = try SealedParty.visitor(server, page: origin)
        let answer = await visitor.start()
        #expect(answer.status == 403 && answer.code == "origin_not_allowed")
        let session = try await SealedParty.visitor(server).openSession()
        let inSession = try await visitor.inSession(
            .GET, "/v1/sessions/me", session.token, headers: [("Origin", origin)])
        #expect(inSession.status == 403 && inSession.code == "origin_not_allowed")
        for answer in [answer, inSession] { #expect(answer.headers["Access-Control-Allow-Origin"] == nil) }
    }

    @Test("a browser is told before it sends whether it may, and no other origin is")
    func preflight() async throws {
        let server = try await TestServer { $0.allowedOrigins = [Self.page] }
        let paths: [(String, String)] = [
            ("/v1/challenges", "POST"), ("/v1/challenges/ch_1/attempts", "POST"), ("/v1/sessions", "POST"),
            ("/v1/sessions/me", "GET"), ("/v1/sessions/se_1", "DELETE"),
        ]
        for (path, method) in paths {
            func ask(_ origin: String) async -> TestServer.Answer {
                await server.call(
                    .OPTIONS, path,
                    headers: [
                        ("Origin", origin), ("Access-Control-Request-Method", method),
                        ("Access-Control-Request-Headers", "content-type,dpop,x-countersign-config"),
                    ])
            }
            let allowed = await ask(Self.page)
            #expect(allowed.status == 204 && allowed.headers["Access-Control-Allow-Origin"] == Self.page)
            #expect(allowed.headers["Access-Control-Allow-Methods"] == method)
            #expect(allowed.headers["Access-Control-Allow-Headers"]?.contains("dpop") == true)
            #expect(await ask("https://evil.example.com").headers["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test("the demonstration's own origin counts as allowed while it is shown, and not before")
    func demonstration() async throws {
        let origin = "http://localhost:3000"
        let folder = try PageFolder()
        for (demonstration, status) in [(nil, 403), (try folder.demonstration(), 201)] {
            let server = try await TestServer(demonstration: demonstration)
            let visitor = try SealedParty.visitor(server, page: origin)
            let answer = await visitor.start()
            #expect(answer.status == status)
            let preflight = await server.call(.OPTIONS, "/v1/challenges", headers: [("Origin", origin)])
            let allowed = status == 201 ? origin : nil
            #expect(preflight.headers["Access-Control-Allow-Origin"] == allowed)
            #expect(answer.headers["Access-Control-Allow-Origin"] == allowed)
            #expect(try await SealedParty.visitor(server, page: "http://localhost:3001").start().status == 403)
        }
    }

    @Test("a configuration that nobody has, that is off, or that comes twice lets nobody in")
    func configuration() async throws {
        let server = try await TestServer()
        var visitor = try SealedParty.visitor(server)
        let configuration = visitor.headers[0].1
        for other in [
            "", "none", configuration + "0", WorkspaceUUID.organization.text(for: server.workspace.id),
            server.workspace.id, WorkspaceUUID.authProxyConfiguration.text(for: "ws_00000000000000000000"),
        ] {
            visitor.headers = [("X-Countersign-Config", other)]
            let answer = await visitor.start()
            #expect(answer.status == 404 && answer.code == "configuration_unknown", "\(other)")
        }
        visitor.headers = [("X-Countersign-Config", configuration), ("X-Countersign-Config", configuration)]
        #expect(await visitor.start().code == "invalid_configuration")
        visitor.headers.removeLast()
        visitor.key = server.live
        #expect(await visitor.start().code == "ambiguous_caller")
        visitor.key = nil
        #expect(await visitor.start().status == 201)
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.settings.authProxy = false
        }
        #expect(await visitor.start().code == "configuration_unknown")
    }

    @Test("a network's requests are limited; other networks and back ends are not held up by it")
    func networkLimit() async throws {
        let server = try await TestServer { $0.visitorLimit = 3 }
        var visitor = try SealedParty.visitor(server)
        for round in 1...3 { #expect(await visitor.start("person\(round)@example.com").status == 201) }
        visitor.peer = .address(ip: "192.0.2.200", port: 9)
        let answer = await visitor.start("person4@example.com")
        #expect(answer.status == 429 && answer.code == "rate_limited" && answer.headers["Retry-After"] == "20")
        #expect(answer.headers["RateLimit-Policy"] == #""visitor";q=3;w=60"#)
        #expect(answer.headers["RateLimit"] == #""visitor";r=0;t=20"#)
        #expect(await visitor.call(.POST, "/v1/sessions", body: "{}").status == 429)
        #expect(try await SealedParty.backEnd(server).start("person5@example.com").status == 201)
        visitor.peer = .address(ip: "192.0.3.1", port: 9)
        #expect(await visitor.start("person6@example.com").status == 201)
        server.installation.time.advance(seconds: 20)
        visitor.peer = .address(ip: "192.0.2.1", port: 9)
        #expect(await visitor.start("person7@example.com").status == 201)
    }

    @Test("where a captcha is due, a visitor without one sends nothing; a back end needs none")
    func captcha() async throws {
        let server = try await TestServer { $0.captcha = .required }
        let visitor = try SealedParty.visitor(server)
        let none = await visitor.start()
        #expect(none.status == 403 && none.code == "captcha_refused")
        let long = await visitor.start(headers: [("X-Captcha-Token", String(repeating: "a", count: 2_049))])
        #expect(long.status == 422 && long.code == "invalid_field")
        // Nobody is there to check it: that is no yes.
        server.installation.captchaProvider.answer(.notConfigured)
        #expect(await visitor.start(headers: [("X-Captcha-Token", "solved")]).status == 503)
        server.installation.captchaProvider.answer(.refused)
        #expect(await visitor.start(headers: [("X-Captcha-Token", "solved")]).code == "captcha_refused")
        #expect(server.installation.mail.codes.isEmpty)
        server.installation.captchaProvider.answer(.passed)
        #expect(await visitor.start(headers: [("X-Captcha-Token", "solved")]).status == 201)
        #expect(server.installation.captchaProvider.questions.last?.address == "192.0.2.1")
        #expect(try await SealedParty.backEnd(server).start().status == 201)
    }

    @Test("a visitor chooses no words of the message: it carries the workspace's name")
    func application() async throws {
        let server = try await TestServer()
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.name = "Acme\u{E000} Bank"
        }
        let visitor = try SealedParty.visitor(server)
        let refused = await visitor.call(
            .POST, "/v1/challenges", body: #"{"contact":"a@example.com","app":"Visit evil.example.com"}"#)
        #expect(refused.status == 422 && refused.code == "invalid_field")
        let challenge = await visitor.start()
        _ = try await server.code(of: challenge)
        #expect(server.installation.mail.messages.map(\.wording.application) == ["Acme Bank"])
    }

    @Test("what concerns visitors alone they are told: codes in flight, quota, subscription")
    func visibleRefusals() async throws {
        let server = try await TestServer { $0.monthlyQuota = 4 }
        let visitor = try SealedParty.visitor(server)
        for _ in 1...3 { #expect(await visitor.start().status == 201) }
        let inFlight = await visitor.start()
        #expect(inFlight.status == 429 && inFlight.code == "too_many_in_flight")
        #expect(await visitor.start("grace@example.com").status == 201)
        let quota = await visitor.start("alan@example.com")
        #expect(quota.status == 429 && quota.code == "quota_exceeded")
        _ = try await server.installation.directory.update(server.workspace.id, origin: .system) {
            $0.subscription = .inactive
        }
        #expect(await visitor.start("edsger@example.com").code == "subscription_inactive")
    }
}

/// A send that is refused for the contact's sake or for fraud.
struct HiddenRefusal: CustomStringConvertible, Sendable {
    var description: String
    var contact: String
    /// What is used up before, by a back end.
    var before: [String] = []
    /// What the back end is told.
    var code: String
    var settings: @Sendable (inout WorkspaceSettings) -> Void = { _ in }

    static let all = [
        HiddenRefusal(description: "premium", contact: "+499001234567", code: "phone_number_refused"),
        HiddenRefusal(
            description: "recipient", contact: "+4915112345678", before: ["+4915112345678"], code: "rate_limited"
        ) { $0.recipientLimit = 1 },
        HiddenRefusal(
            description: "prefix", contact: "+4915112345678", before: ["+4915112345679"], code: "rate_limited"
        ) { $0.prefixLimit = 1 },
        HiddenRefusal(
            description: "country", contact: "+4915112345678", before: ["+4915212345678"], code: "rate_limited"
        ) { $0.countryLimit = 1 },
        HiddenRefusal(
            description: "budget", contact: "+4915112345678", before: ["+4915212345678"], code: "budget_exceeded"
        ) { $0.dailyBudget = 1 },
    ]
}

@Suite("Answers that tell a visitor nothing")
struct AlikeAnswerTests {
    @Test("a refused send answers a visitor like any other, and nobody can win it", arguments: HiddenRefusal.all)
    func alike(_ refusal: HiddenRefusal) async throws {
        let server = try await TestServer(refusal.settings)
        let visitor = try SealedParty.visitor(server)
        let usual = try await SealedParty.visitor(try await TestServer()).start("+4915112345678")
        let backEnd = try SealedParty.backEnd(server)
        for contact in refusal.before { #expect(await backEnd.start(contact).status == 201) }
        let sent = server.installation.mail.codes.count
        let told = await backEnd.start(refusal.contact)
        #expect(told.code == refusal.code)

        let challenge = await visitor.start(refusal.contact)
        #expect(challenge.status == usual.status && Self.shape(challenge) == Self.shape(usual))
        #expect(try Self.tokenShape(challenge) == Self.tokenShape(usual))
        #expect(await server.installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(server.installation.mail.codes.count == sent)
        for remaining in [2, 1, 0] {
            let answer = try await visitor.attempt("WRONGCODE", at: challenge)
            #expect(answer.code == "invalid_code" && answer.number("attempts_remaining") == remaining)
        }
        #expect(try await visitor.attempt("WRONGCODE", at: challenge).code == "too_many_attempts")
    }

    /// Everything of an answer that could tell one send from another: its headers, its members and their lengths.
    private static func shape(_ answer: TestServer.Answer) -> [String] {
        let members = answer.json?.members ?? []
        return answer.headers.map { "\($0.name): \($0.value)" }
            + members.map { "\($0.name) \($0.value.text?.utf8.count ?? 0)" }
    }

    private static func tokenShape(_ answer: TestServer.Answer) throws -> [String] {
        let parts = try #require(answer.text("target")).split(separator: ".")
        let claims = try JSONValue(parsing: try Base64URL.decode(String(parts[1])))
        return (claims.members ?? []).map(\.name)
    }
}
