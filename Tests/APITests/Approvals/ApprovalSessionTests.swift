import Fixtures
import HTTPServer
import Permissions
import Testing
import Workspaces

@Suite("The approval page: for how long it knows somebody")
struct ApprovalSessionTests {
    @Test("for a quarter of an hour, for all requests of the workspace; then a decision does not count")
    func lifetime() async throws {
        let stage = try await ApprovalStage()
        var browser = try await stage.proven(try await stage.pending())
        stage.pass(seconds: ApproverSessions.lifetime - 1)
        let second = try await stage.pending(resource: "second")
        await browser.open(second)
        #expect(browser.title == "Allow this?")
        stage.pass(seconds: 1)
        await browser.submit("decision", ["decision": "approve"])
        #expect(browser.page.status == 403 && browser.notice.contains("no longer knows you"))
        #expect(try await stage.permission(second).status == .pending)
        await browser.open(second)
        #expect(browser.title == "Who are you?")
    }

    @Test("an approver of one workspace is nobody on the page of another")
    func otherWorkspace() async throws {
        let stage = try await ApprovalStage()
        let other = try await stage.server.installation.workspace()
        let agent = try await stage.server.permissions.agents.create(
            AgentProfile(name: "Other"), workspace: other.id, origin: .system)
        let answer = await stage.server.call(
            .POST, "/api/v1/permissions/request", key: agent.key.secret.text, body: #"{"action":"file.read"}"#)
        let foreign = try #require(answer.json?["data"]?["id"]?.text)
        let own = try await stage.pending()
        var browser = try await stage.proven(own)
        let decision = try #require(browser.form(to: "decision"))
        await browser.open(foreign)
        #expect(browser.title == "Who are you?" && !browser.page.text.contains("file.read"))
        let fields = decision.fields.map { ($0.name, $0.value) } + [("decision", "approve")]
        await browser.post("/approve/\(foreign)/decision", fields)
        #expect(browser.page.status == 403)
        // With a good token for that page it is still nobody who decides.
        await browser.open(foreign)
        let token = try #require(browser.form(to: "address")?.fields.first { $0.name == "form" }?.value)
        await browser.post(
            "/approve/\(foreign)/decision", fields.map { ($0.0, $0.0 == "form" ? token : $0.1) })
        #expect(browser.page.status == 403 && browser.notice.contains("no longer knows you"))
        let seen = try await stage.server.permissions.requests.permission(foreign, workspace: other.id)
        #expect(seen.status == .pending)
    }

    @Test("an approver who is switched off meanwhile decides nothing, with a session and with a code")
    func switchedOff() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var deciding = try await stage.proven(id)
        var entering = await stage.asking(id)
        let code = try #require(await stage.codes().last)
        try await stage.server.permissions.approvers.setActive(
            false, stage.anna.id, workspace: stage.server.workspace.id, origin: .system)
        await deciding.submit("decision", ["decision": "approve"])
        #expect(deciding.page.status == 403 && deciding.notice.contains("no longer knows you"))
        await entering.submit("code", ["code": code])
        #expect(entering.page.status == 422 && entering.title == "Who are you?")
        #expect(try await stage.permission(id).status == .pending)
        try await stage.server.permissions.approvers.setActive(
            true, stage.anna.id, workspace: stage.server.workspace.id, origin: .system)
        await deciding.open(id)
        #expect(deciding.title == "Who are you?", "switched on again, a person proves anew who they are")
    }

    @Test("until they leave: then cookies that somebody kept are worth nothing")
    func leaving() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        let kept = browser.cookies
        await browser.submit("leave")
        #expect(browser.title == "Who are you?")
        browser.cookies = kept
        await browser.open(id)
        #expect(browser.title == "Who are you?")
        #expect(try await stage.auditTrail().contains { $0.hasPrefix("approver.left done") })
    }

    @Test("cookies that the server did not set let nobody in")
    func forged() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        let browser = try await stage.proven(id)
        let (name, session) = try #require(browser.cookies.first { $0.key.hasSuffix("-session") })
        let forgeries = [
            "", "x", String(session.dropLast()), session + "A", session.lowercased(), "' OR 1=1 --",
            String(repeating: "A", count: 8_000), "\(session)%00", "\(session), \(session)",
        ]
        for forgery in forgeries {
            var forger = browser
            forger.cookies[name] = forgery
            await forger.open(id)
            #expect(forger.page.status == 200 && forger.title == "Who are you?")
        }
        var twice = browser
        twice.headers = [("Cookie", "\(name)=\(session)")]
        await twice.open(id)
        #expect(twice.title == "Who are you?", "of two cookies nobody knows which one is the server's")
    }
}
