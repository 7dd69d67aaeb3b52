import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Testing
import Workspaces

@Suite("Tenants of our own sealed API")
struct SealedTenancyTests {
    /// Two workspaces on one server, each with a back end.
    private struct Neighbours {
        let server: TestServer
        let mine: SealedParty
        /// With my client's key: nothing but the workspace differs.
        let theirs: SealedParty

        init() async throws {
            server = try await TestServer()
            mine = try SealedParty.backEnd(server)
            let other = try await server.installation.workspace()
            let key = try await server.installation.keys.create(
                workspace: other.id, kind: .live, name: "", origin: .system)
            var theirs = mine
            theirs.key = key.secret.text
            self.theirs = theirs
        }
    }

    @Test("a challenge of one workspace is unknown to another, and loses no attempt to it")
    func challenges() async throws {
        let both = try await Neighbours()
        let challenge = await both.mine.start()
        let sealed = try await both.mine.seal(both.server.code(of: challenge), to: challenge)
        for _ in 1...4 {
            let answer = await both.theirs.attempt(sealed, at: challenge)
            #expect(answer.status == 404 && answer.code == "challenge_unknown")
        }
        #expect(await both.mine.attempt(sealed, at: challenge).status == 200)
    }

    @Test("an unknown challenge is answered like a foreign one")
    func unknown() async throws {
        let both = try await Neighbours()
        let challenge = await both.mine.start()
        let sealed = try both.mine.seal("WRONGCODE", to: challenge)
        let foreign = await both.theirs.attempt(sealed, at: challenge)
        let key = Base64URL.encode(sealed.encapsulatedKey.uncompressed)
        for id in ["ch_0000000000", "none", "%20", "..", challenge.text("id")?.uppercased() ?? ""] {
            let answer = await both.mine.call(
                .POST, "/v1/challenges/\(id)/attempts",
                body: #"{"encapsulated_key":"\#(key)","ciphertext":"\#(Base64URL.encode(sealed.ciphertext))"}"#)
            #expect(answer.status == 404 && answer.text == foreign.text, "\(id)")
        }
    }

    @Test("a verification token of one workspace opens no session in another, and none is used up")
    func tokens() async throws {
        let both = try await Neighbours()
        let token = try await both.mine.prove()
        let answer = try await both.theirs.logIn(token)
        #expect(answer.status == 400 && answer.code == "verification_token_invalid")
        #expect(try await both.mine.logIn(token).status == 201)
    }

    @Test("a person is another user in another workspace, whose back end cannot end the session here")
    func sessions() async throws {
        let both = try await Neighbours()
        let here = try await both.mine.openSession()
        let there = try await both.theirs.openSession()
        #expect(there.isNewUser && there.user != here.user)
        let answer = await both.theirs.call(.DELETE, "/v1/sessions/\(here.id)")
        #expect(answer.status == 404 && answer.code == "session_unknown")
        let byTheirs = try await both.theirs.inSession(.DELETE, "/v1/sessions/\(here.id)", there.token)
        #expect(byTheirs.status == 404)
        #expect(try await both.mine.me(here).status == 200)
    }

    @Test(
        "a stranger, an operator's key and a key in a browser get nowhere",
        arguments: [
            "/v1/challenges", "/v1/challenges/ch_1/attempts", "/v1/sessions",
        ])
    func strangers(_ path: String) async throws {
        let server = try await TestServer()
        let none = await server.call(.POST, path, body: "{}")
        #expect(none.status == 401 && none.code == "key_missing" && none.headers["WWW-Authenticate"] == "Bearer")
        let made = await server.call(.POST, path, key: "sk_live_made_up", body: "{}")
        #expect(made.status == 401 && made.code == "key_invalid")
        let byOperator = await server.call(.POST, path, key: server.operatorKey, body: "{}")
        #expect(byOperator.status == 403 && byOperator.code == "not_permitted")
        let browser = await server.call(
            .POST, path, key: server.live, headers: [("Origin", "https://app.example.com")], body: "{}")
        #expect(browser.status == 403 && browser.code == "key_in_browser")
        #expect(browser.headers["Access-Control-Allow-Origin"] == nil)
    }
}
