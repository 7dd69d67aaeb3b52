import Crypto
import Fixtures
import HTTPServer
import JOSE
import Permissions
import Testing
import Workspaces

@Suite("Reports of leaked keys")
struct LeakReportRouteTests {
    let server: TestServer
    private let github = P256.Signing.PrivateKey()

    init() async throws {
        let key = try #require(LeakReporters.Key(reporter: "github", pem: github.publicKey.pemRepresentation))
        server = try await TestServer().configured(leakReporters: LeakReporters(["k1": key]))
    }

    private static func body(_ tokens: String...) -> String {
        "["
            + tokens.map {
                #"{"token":"\#($0)","type":"countersign_key","url":"https://git.example/x?y","source":"content"}"#
            }.joined(separator: ",") + "]"
    }

    private func report(_ body: String, headers: [(String, String)] = [], from ip: String = "198.51.100.7") async
        -> TestServer.Answer
    {
        await server.call(
            .POST, "/v1/leaked-keys", headers: headers, body: body, peer: .address(ip: ip, port: 1))
    }

    private func signed(_ body: String, identifier: String = "k1", upperCase: Bool = false) throws -> [(String, String)]
    {
        let signature = try github.signature(for: SHA256.hash(data: Array(body.utf8)))
            .derRepresentation.base64EncodedString()
        let names = ["Github-Public-Key-Identifier", "Github-Public-Key-Signature"]
        return zip(upperCase ? names.map { $0.uppercased() } : names, [identifier, signature]).map { ($0, $1) }
    }

    @Test("a signed report ends the key, and says of each token in order what it is", arguments: [false, true])
    func signedReport(upperCase: Bool) async throws {
        let body = Self.body("no key", server.live)
        let answer = await report(body, headers: try signed(body, upperCase: upperCase))
        #expect(answer.status == 200)
        let entries = try #require(answer.json?.elements)
        #expect(entries.map { $0["label"]?.text } == ["false_positive", "true_positive"])
        #expect(entries.map { $0["token_raw"]?.text } == ["no key", server.live])
        #expect(entries.allSatisfy { $0["token_type"]?.text == "countersign_key" && $0.members?.count == 3 })
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#, key: server.live).code == "KEY_REVOKED")
        let listed = await server.call(.GET, "/v1/keys", key: server.operatorKey).text
        #expect(listed.contains(#""leak_reporter":"github""#) && listed.contains(#""attention":"leaked""#))
        #expect(listed.contains("git.example") && !listed.contains("?y"))
        let doctor = await server.call(.GET, "/v1/doctor", key: server.operatorKey).text
        #expect(doctor.contains("because others know them"))
        #expect(
            await server.call(.GET, "/metrics", key: server.operatorKey).text
                .contains(#"countersign_keys_needing_attention{reason="leaked"} 1"#))
    }

    @Test("whoever has a key has proven the leak, and needs no signature")
    func unsigned() async throws {
        #expect(await report(Self.body(server.test)).json?.elements?.first?["label"]?.text == "true_positive")
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#).code == "KEY_REVOKED")
    }

    @Test("who claims to be a reporter and did not sign this is refused, and nothing changes")
    func forged() async throws {
        let body = Self.body(server.live)
        for headers in [
            try signed(Self.body("other")), [("Github-Public-Key-Identifier", "k1")],
            try signed(body) + [("Github-Public-Key-Identifier", "k1")],
        ] {
            let answer = await report(body, headers: headers)
            #expect(answer.status == 401 && answer.code == "signature_invalid")
            #expect(answer.text("detail")?.contains("leave both headers out") == true)
        }
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#, key: server.live).status == 200)
        // Under a key that the operator has not fetched yet, the report is a stranger's: possession proves it.
        #expect(await report(body, headers: try signed(body, identifier: "new")).status == 200)
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#, key: server.live).code == "KEY_REVOKED")
    }

    @Test("an agent's key ends with all that it opened, and who waited with it is not told a token")
    func agents() async throws {
        let agent = try await server.permissions.agents.create(
            AgentProfile(name: "Robot"), workspace: server.workspace.id, mode: .live, origin: .system)
        let key = agent.key.secret.text
        let asked = await server.call(.POST, "/api/v1/permissions/request", key: key, body: #"{"action":"a.b"}"#)
        let id = try #require(asked.json?["data"]?["id"]?.text)
        #expect(await report(Self.body(key)).json?.elements?.first?["label"]?.text == "true_positive")
        #expect(await server.call(.GET, "/api/v1/permissions/\(id)", key: key).status == 401)
        let shown = await server.call(.GET, "/api/v1/permissions/\(id)", key: server.operatorKey)
        #expect(shown.json?["data"]?["status"]?.text == "revoked")
        let listed = await server.call(.GET, "/v1/agents/\(agent.agent.id)/keys", key: server.operatorKey).text
        #expect(listed.contains(#""attention":"leaked""#))
    }

    @Test("the names of a workspace that browsers show are no keys, and stay as they are")
    func publicNames() async throws {
        let name = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        #expect(await report(Self.body(name)).json?.elements?.first?["label"]?.text == "false_positive")
    }

    @Test(
        "what is no report is refused, and so is one that is too long",
        arguments: [
            "", "{}", "[7]", #"[{"token":7,"type":"x"}]"#, #"[{"type":"x"}]"#,
            "[" + Array(repeating: #"{"token":"x","type":"y"}"#, count: 101).joined(separator: ",") + "]",
        ])
    func malformed(body: String) async {
        let answer = await report(body)
        #expect((400...422).contains(answer.status) && answer.headers["Content-Type"] == "application/problem+json")
    }

    @Test(
        "every refusal says what to do next",
        arguments: [
            ("{}", "Send a JSON array such as [{"), (#"[{"type":"x"}]"#, "0.token is missing. Send a JSON array"),
            (
                "[" + Array(repeating: #"{"token":"x","type":"y"}"#, count: 101).joined(separator: ",") + "]",
                "send the rest in further ones"
            ),
        ])
    func advice(body: String, advice: String) async {
        #expect(await report(body).text("detail")?.contains(advice) == true)
    }

    @Test("strangers have so many reports a minute, a trusted reporter any number")
    func limit() async throws {
        for _ in 0..<20 { #expect(await report("[]").status == 200) }
        let limited = await report("[]")
        #expect(limited.status == 429 && limited.headers["Retry-After"] != nil)
        #expect(limited.text("detail")?.contains("Send this one again in") == true)
        #expect(await report("[]", from: "2001:db8::1").status == 200)
        #expect(await report("[]", headers: try signed("[]")).status == 200)
    }

    @Test("signatures that do not hold count as a stranger's reports")
    func forgedFlood() async throws {
        for _ in 0..<20 { #expect(await report("[ ]", headers: try signed("[]")).status == 401) }
        #expect(await report("[ ]", headers: try signed("[]")).status == 429)
        #expect(await report("[]", headers: try signed("[]")).status == 200)
    }

    @Test("no answer and no line of the log repeats a key that was not reported, and the log none at all")
    func silence() async throws {
        _ = await report(Self.body(server.live, server.test))
        #expect(server.log.lines.allSatisfy { !$0.contains(server.live) && !$0.contains(server.test) })
    }
}
