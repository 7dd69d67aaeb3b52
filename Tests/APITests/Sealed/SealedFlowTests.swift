import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Our own sealed API")
struct SealedFlowTests {
    @Test("a back end's person proves an address once, logs in, uses the session and ends it")
    func backEnd() async throws {
        try await Self.wholeFlow(.backEnd(TestServer()))
    }

    @Test("an app's person does the same without a key, and so does a page's of an allowed origin")
    func visitors() async throws {
        let page = "https://app.example.com"
        let server = try await TestServer { $0.allowedOrigins = [page] }
        try await Self.wholeFlow(.visitor(server))
        try await Self.wholeFlow(.visitor(server, page: page), contact: "grace@example.com")
    }

    private static func wholeFlow(_ party: SealedParty, contact: String = "ada@example.com") async throws {
        let server = party.server
        let challenge = await party.start(contact)
        #expect(challenge.status == 201 && challenge.text("channel") == "email" && challenge.text("code") == nil)
        #expect(challenge.text("id")?.hasPrefix("ch_") == true)
        let wrong = try await party.attempt("WRONGCODE", at: challenge)
        #expect(wrong.status == 400 && wrong.code == "invalid_code" && wrong.number("attempts_remaining") == 2)
        let code = try await server.code(of: challenge)
        #expect(code.count == 9)
        let proven = try await party.attempt(code, at: challenge)
        #expect(proven.status == 200 && proven.text("expires_at") == "2026-11-21T09:00:00Z")

        let opened = OpenSession(answer: try await party.logIn(proven.text("verification_token") ?? ""))
        #expect(opened.answer.status == 201 && opened.answer.text("token_type") == "DPoP" && opened.isNewUser)
        #expect(opened.answer.json?["session"]?["expires_at"]?.text == "2026-11-21T08:15:00Z")
        let me = try await party.me(opened)
        #expect(me.status == 200 && me.json?["session"]?["id"]?.text == opened.id)
        #expect(me.json?["user"]?["id"]?.text == opened.user)
        let ended = try await party.inSession(.DELETE, "/v1/sessions/\(opened.id)", opened.token)
        #expect(ended.status == 204 && ended.text == "")
        let after = try await party.me(opened)
        #expect(after.status == 401 && after.code == "invalid_token")
    }

    @Test("a contact is one user: it is made at the first login and found at the next")
    func signUp() async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let first = try await party.openSession()
        let second = try await party.openSession()
        let other = try await party.openSession("grace@example.com")
        #expect(first.isNewUser && !second.isNewUser && second.user == first.user)
        #expect(other.isNewUser && other.user != first.user)
    }

    @Test("a login ends the user's other sessions where it says so, and leaves them where it does not")
    func invalidate() async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let first = try await party.openSession()
        let kept = try await party.logIn(party.prove(), more: #","invalidate_existing":false"#)
        #expect(kept.status == 201)
        #expect(try await party.me(first).status == 200)
        let alone = OpenSession(answer: try await party.logIn(party.prove(), more: #","invalidate_existing":true"#))
        #expect(try await party.me(first).status == 401)
        #expect(try await party.me(alone).status == 200)
    }

    @Test("a verification token serves one login")
    func tokenOnce() async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let token = try await party.prove()
        let opened = try await party.logIn(token)
        #expect(opened.status == 201, "\(opened.text)")
        let again = try await party.logIn(token)
        #expect(again.status == 409 && again.code == "verification_token_used")
    }

    @Test("a session ends those of its own user, and nobody else's")
    func endOthers() async throws {
        let party = try SealedParty.backEnd(try await TestServer())
        let mine = try await party.openSession()
        let alsoMine = try await party.openSession()
        let foreign = try await party.openSession("grace@example.com")
        #expect(try await party.inSession(.DELETE, "/v1/sessions/\(alsoMine.id)", mine.token).status == 204)
        #expect(try await party.me(alsoMine).status == 401)
        for id in [foreign.id, alsoMine.id, "se_none", "%20"] {
            let answer = try await party.inSession(.DELETE, "/v1/sessions/\(id)", mine.token)
            #expect(answer.status == 404 && answer.code == "session_unknown", "\(id)")
        }
        #expect(try await party.me(foreign).status == 200)
    }

    @Test("a secret key ends any session of its workspace, a visitor's configuration none")
    func endAny() async throws {
        let server = try await TestServer()
        let party = try SealedParty.visitor(server)
        let session = try await party.openSession()
        let byVisitor = await party.call(.DELETE, "/v1/sessions/\(session.id)")
        #expect(byVisitor.status == 401 && byVisitor.code == "session_missing")
        for key in [server.test, server.operatorKey] {
            let refused = await server.call(.DELETE, "/v1/sessions/\(session.id)", key: key)
            #expect([403, 404].contains(refused.status))
        }
        #expect(try await party.me(session).status == 200)
        #expect(await server.call(.DELETE, "/v1/sessions/\(session.id)", key: server.live).status == 204)
        #expect(try await party.me(session).status == 401)
        #expect(await server.call(.DELETE, "/v1/sessions/\(session.id)", key: server.live).status == 404)
    }

    @Test("a test key gets the code in the answer, nothing is sent, and its tokens say that they are a test's")
    func testKey() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server, key: server.test)
        let challenge = await party.start()
        let code = try #require(challenge.text("code"))
        #expect(server.installation.mail.codes.isEmpty)
        let proven = try await party.attempt(code, at: challenge, mode: .test)
        let token = try #require(proven.text("verification_token"))
        #expect(try claims(token)["test"] == .boolean(true))
        let opened = OpenSession(answer: try await party.logIn(token))
        #expect(try claims(opened.token)["test"] == .boolean(true))
        #expect(try await party.me(opened).status == 200)
    }

    @Test("a challenge, a token and a user of test mode are unknown in live mode")
    func modes() async throws {
        let server = try await TestServer()
        let test = try SealedParty.backEnd(server, key: server.test)
        var live = test
        live.key = server.live
        let challenge = await test.start()
        let code = try #require(challenge.text("code"))
        let sealed = try test.seal(code, to: challenge, mode: .test)
        #expect(await live.attempt(sealed, at: challenge).code == "challenge_unknown")
        let token = try #require(await test.attempt(sealed, at: challenge).text("verification_token"))
        let refused = try await live.logIn(token)
        #expect(refused.status == 400 && refused.code == "verification_token_invalid")
        let testUser = OpenSession(answer: try await test.logIn(token))
        let liveUser = try await live.openSession()
        #expect(liveUser.isNewUser && liveUser.user != testUser.user)
    }

    @Test("a sandbox knows two contacts with a fixed code, for back ends and visitors alike, and sends nothing")
    func sandbox() async throws {
        let server = try await TestServer { $0.sandbox = true }
        for party in [try SealedParty.backEnd(server), try SealedParty.visitor(server)] {
            for contact in ["user@example.com", "+19999999999"] {
                let challenge = await party.start(contact)
                #expect(challenge.status == 201 && challenge.text("code") == nil)
                let proven = try await party.attempt("000000", at: challenge, mode: .test)
                let session = OpenSession(answer: try await party.logIn(proven.text("verification_token") ?? ""))
                #expect(try await party.me(session).status == 200)
                #expect(await server.call(.DELETE, "/v1/sessions/\(session.id)", key: server.live).status == 204)
            }
            let refused = await party.start("ada@example.com")
            #expect(refused.status == 422 && refused.code == "contact_not_in_sandbox")
        }
        #expect(server.installation.mail.codes.isEmpty)
    }

    @Test("the tokens are bound to the client's key and the workspace, and say which of them they are")
    func tokens() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let verification = try await party.prove()
        let opened = OpenSession(answer: try await party.logIn(verification))
        for (token, type) in [(verification, "verification+jwt"), (opened.token, "session+jwt")] {
            #expect(try header(token)["typ"]?.text == type)
            let claims = try claims(token)
            #expect(claims["iss"]?.text == Installation.issuer && claims["aud"]?.text == server.workspace.id)
            #expect(claims["cnf"]?["jkt"]?.text == party.client.key.thumbprint && claims["test"] == nil)
        }
        #expect(try claims(verification)["email"]?.text == "ada@example.com")
        #expect(try claims(opened.token)["sub"]?.text == opened.user)
        #expect(try claims(opened.token)["sid"]?.text == opened.id)
    }

    @Test("a retry with the same Idempotency-Key sends no second message and answers with the same challenge")
    func idempotency() async throws {
        let server = try await TestServer()
        let party = try SealedParty.backEnd(server)
        let key = [("Idempotency-Key", "order-1")]
        let first = await party.start(headers: key)
        let again = await party.start(headers: key)
        #expect(again.status == 201 && again.headers["Idempotency-Replayed"] == "true")
        #expect(again.text("id") == first.text("id") && again.text("target") == first.text("target"))
        #expect(server.installation.mail.codes.count == 1)
        let other = await party.start("grace@example.com", headers: key)
        #expect(other.status == 422 && other.code == "idempotency_key_reused")
    }

    @Test("a visitor cannot speak for a back end by its Idempotency-Key")
    func idempotencyOfVisitors() async throws {
        let server = try await TestServer()
        let key = [("Idempotency-Key", "order-1")]
        let mine = await (try SealedParty.backEnd(server)).start(headers: key)
        let theirs = await (try SealedParty.visitor(server)).start(headers: key)
        #expect(theirs.status == 201 && theirs.headers["Idempotency-Replayed"] == nil)
        #expect(theirs.text("id") != mine.text("id"))
    }

    private func header(_ token: String) throws -> JSONValue { try part(0, of: token) }
    private func claims(_ token: String) throws -> JSONValue { try part(1, of: token) }
    private func part(_ index: Int, of token: String) throws -> JSONValue {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        return try JSONValue(parsing: try Base64URL.decode(String(parts[index])))
    }
}
