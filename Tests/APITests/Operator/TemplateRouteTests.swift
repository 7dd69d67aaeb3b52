import Fixtures
import HTTPServer
import JOSE
import Testing

@Suite("Operator's API: templates")
struct TemplateRouteTests {
    private func set(
        _ text: String, _ path: String = "sms/default", on server: TestServer, key: String? = nil
    ) async -> TestServer.Answer {
        await server.call(
            .PUT, "/v1/templates/\(path)", key: key ?? server.operatorKey, body: #"{"text":"\#(text)"}"#)
    }

    @Test("a template is saved, listed, shown and deleted")
    func life() async throws {
        let server = try await TestServer()
        let saved = await set("Use {{code}} at {{app}}.", "sms/payment?locale=pt-BR", on: server)
        #expect(saved.status == 200 && saved.text("locale") == "pt-br" && saved.text("name") == "payment")
        let listed = await server.call(.GET, "/v1/templates", key: server.operatorKey)
        #expect(listed.json?["templates"]?.elements?.count == 1)
        let path = "/v1/templates/sms/payment?locale=pt-BR"
        let shown = await server.call(.GET, path, key: server.operatorKey)
        #expect(shown.text("text") == "Use {{code}} at {{app}}.")
        let other = await server.call(.GET, "/v1/templates/sms/payment", key: server.operatorKey)
        #expect(other.status == 404 && other.code == "template_unknown")
        #expect(await server.call(.DELETE, path, key: server.operatorKey).status == 204)
        #expect(await server.call(.DELETE, path, key: server.operatorKey).status == 404)
    }

    @Test(
        "what breaks a rule is refused with reason and place",
        arguments: [
            ("no code", "{{code}} is missing"), ("{{code}} {{user}}", "column 10"),
            ("{{code}} <script>", "column 10"), ("{{#each}} {{code}}", "column 1"),
        ])
    func refused(_ text: String, _ reason: String) async throws {
        let server = try await TestServer()
        let answer = await set(text, on: server)
        #expect(answer.status == 422 && answer.code == "template_refused")
        #expect(answer.text("detail")?.contains(reason) == true)
    }

    @Test("a send with too long a binding is a bad request that says so")
    func tooLong() async throws {
        let server = try await TestServer()
        let member = String(repeating: "&", count: 199)
        let answer = await server.send(
            #"{"to":"+4915112345678","app":"Shop","channel":"voice","#
                + #""binding":{"a":"\#(member)","b":"\#(member)","c":"\#(member)","d":"\#(member)"}}"#, key: server.live
        )
        #expect(answer.status == 400 && answer.code == "INVALID_FIELD")
        #expect(answer.text("error")?.contains("shorten the binding") == true)
        #expect(server.installation.mail.messages.isEmpty)
    }

    @Test("only an operator's key reads and writes them")
    func keys() async throws {
        let server = try await TestServer()
        for key in [server.live, server.test] {
            #expect(await set("{{code}}", on: server, key: key).status == 403)
            #expect(await server.call(.GET, "/v1/templates", key: key).status == 403)
        }
    }

    @Test(
        "names, channels and languages that are none are refused",
        arguments: [
            "sms/a%20b", "pigeon/default", "sms/default?locale=x", "sms/default?language=de",
            "sms/\(String(repeating: "a", count: 65))",
        ])
    func malformed(_ path: String) async throws {
        let server = try await TestServer()
        let answer = await set("{{code}}", path, on: server)
        #expect([400, 422].contains(answer.status))
    }

    @Test("a preview shows the message with a sample code, and what an SMS costs")
    func preview() async throws {
        let server = try await TestServer { $0.domain = "example.com" }
        let german = await server.call(
            .POST, "/v1/templates/preview", key: server.operatorKey,
            body: #"{"channel":"sms","country":"DE","app":"Shop"}"#)
        #expect(german.text("language") == "de" && german.text("encoding") == "GSM-7")
        #expect(german.number("segments") == 1)
        #expect(german.text("text")?.hasPrefix("123456 ist Ihr Code für Shop") == true)
        #expect(german.text("text")?.hasSuffix("@example.com #123456") == true)
        #expect(german.json?["longest"]?["limit"] == 1600)
        #expect(german.json?["longest"]?["segments"]?.double ?? 0 > 1)
        let unsaved = await server.call(
            .POST, "/v1/templates/preview", key: server.operatorKey,
            body: #"{"channel":"email","subject":"Hi","text":"{{code}} pays {{binding.payee}}"}"#)
        #expect(unsaved.text("subject") == "Hi")
        #expect(unsaved.text("text")?.hasPrefix("123456 pays [payee]") == true)
        #expect(await server.call(.GET, "/v1/templates", key: server.operatorKey).json?["templates"] == .array([]))
    }

    @Test("a send takes the template by name, and one that nobody saved is missing")
    func send() async throws {
        let server = try await TestServer()
        _ = await set("Use {{code}} now", "sms/payment", on: server)
        let sent = await server.send(
            #"{"to":"+4915112345678","app":"Shop","template":"payment","locale":"de"}"#, key: server.live)
        #expect(sent.status == 200)
        #expect(server.installation.mail.messages.last?.wording.template?.text == "Use {{code}} now")
        let missing = await server.send(#"{"to":"+4915112345679","app":"Shop","template":"other"}"#, key: server.live)
        #expect(missing.status == 400 && missing.code == "MISSING_TEMPLATE")
        let locale = await server.send(#"{"to":"+4915112345679","app":"Shop","locale":"*"}"#, key: server.live)
        #expect(locale.status == 400 && locale.code == "INVALID_FIELD")
    }
}
