import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Permissions
import Testing
import Workspaces

@Suite("The approval page: decisions")
struct ApprovalDecisionTests {
    @Test(
        "an approval names the person, the page and the text that was shown; the agent gets its token, the person none")
    func approving() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        await browser.submit("decision", ["decision": "approve", "reason": "rent is due"])
        #expect(browser.page.status == 200 && browser.title == "Approved")
        #expect(browser.page.text.contains("Approved by you") && browser.page.text.contains("rent is due"))
        #expect(!browser.page.text.contains("otp_"))
        let permission = try await stage.permission(id)
        #expect(permission.status == .approved && permission.decision?.channel == .page)
        #expect(permission.decision?.by == ["approver:\(stage.anna.id)"])
        let digest = try #require(permission.statement?.digest)
        let entry = try #require(try await stage.auditTrail().last { $0.hasPrefix("permission.approved done") })
        #expect(entry.contains("page") && entry.contains(digest) && entry.contains(stage.anna.id))
        #expect(await stage.told(id)?["token"]?.text?.hasPrefix("otp_") == true)
    }

    @Test("a denial and its reason reach the agent")
    func denying() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        await browser.submit("decision", ["decision": "deny", "reason": "not this month"])
        #expect(browser.title == "Denied")
        let told = await stage.told(id)
        #expect(told?["status"]?.text == "denied" && told?["reason"]?.text == "not this month")
        #expect(told?["token"] == nil)
    }

    @Test("a form that is sent again decides nothing again, and 20 at the same time decide once")
    func once() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        let browser = try await stage.proven(id)
        let statuses = await withTaskGroup(of: Int.self) { group in
            for position in 0..<20 {
                group.addTask {
                    var copy = browser
                    await copy.submit("decision", ["decision": position % 2 == 0 ? "approve" : "deny"])
                    return copy.page.status
                }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 409 }.count == 19)
        var again = browser
        await again.submit("decision", ["decision": "approve"])
        #expect(again.page.status == 409 && again.notice.contains("did not count"))
        let decided = try await stage.auditTrail().filter {
            $0.hasPrefix("permission.approved done") || $0.hasPrefix("permission.denied done")
        }
        #expect(decided.count == 1)
    }

    @Test("limits may be lowered and nothing more is granted")
    func narrowing() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending(
            scope: #"{"max_amount":500,"currency":"EUR","max_uses":3,"max_<b>":7,"max_text":0.5}"#)
        var browser = try await stage.proven(id)
        let offered = browser.form(to: "decision")?.fields.map(\.name).filter { $0.hasPrefix("limit:") }
        #expect(offered == ["limit:max_amount", "limit:max_uses", "limit:max_text"])
        await browser.submit(
            "decision", ["decision": "approve", "limit:max_amount": "50.5", "limit:max_uses": "9"])
        #expect(browser.title == "Approved")
        let granted = try #require(try await stage.permission(id).granted?.value())
        #expect(granted["max_amount"] == .number(50.5) && granted["max_uses"] == .integer(3))
        #expect(granted["currency"]?.text == "EUR" && granted["max_text"] == .number(0.5))
    }

    @Test(
        "a limit that is no number decides nothing, and what was typed is still there",
        arguments: ["a lot", "", "1e", "\"5\"", "[5]", "null", "5 <script>", "1,5"])
    func wrongLimits(_ text: String) async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending(scope: #"{"max_amount":500}"#)
        var browser = try await stage.proven(id)
        await browser.submit("decision", ["decision": "approve", "limit:max_amount": text, "reason": "some & more"])
        #expect(browser.page.status == 422 && browser.notice.contains("max_amount"))
        let fields = browser.form(to: "decision")?.fields ?? []
        #expect(
            fields.contains { $0 == ("limit:max_amount", text) } && fields.contains { $0 == ("reason", "some & more") })
        #expect(!browser.page.text.contains("<script"))
        #expect(try await stage.permission(id).status == .pending)
        await browser.submit("decision", ["decision": "deny"])
        #expect(browser.title == "Denied", "a denial grants nothing, so that its limits do not matter")
    }

    @Test("where the policy asks for it nothing is approved without the number that the asking side shows")
    func numberMatching() async throws {
        let stage = try await ApprovalStage()
        try await stage.policy(#","numberMatching":true"#)
        let id = try await stage.pending()
        let number = try #require(try await stage.permission(id).matchNumber)
        #expect(await stage.told(id)?["matchNumber"]?.text == number)
        var browser = try await stage.proven(id)
        #expect(browser.page.text.contains("Number that the asking side shows"))
        // The length of a field may happen to be that number.
        let shown = browser.page.text.replacing(/maxlength="[0-9]+"/, with: "")
        #expect(!shown.contains(">\(number)<") && !shown.contains("\"\(number)\""))
        await browser.submit("decision", ["decision": "approve"])
        #expect(browser.page.status == 422 && browser.notice.contains("Enter the number"))
        let wrong = number == "11" ? "12" : "11"
        await browser.submit("decision", ["decision": "approve", "number": wrong])
        #expect(browser.page.status == 422 && browser.notice.contains("not the number"))
        await browser.submit("decision", ["decision": "approve", "number": " \(number) "])
        #expect(browser.title == "Approved")
    }

    @Test("who denies needs no number, and the third wrong one denies")
    func wrongNumbers() async throws {
        let stage = try await ApprovalStage()
        try await stage.policy(#","numberMatching":true"#)
        let denied = try await stage.pending()
        var browser = try await stage.proven(denied)
        await browser.submit("decision", ["decision": "deny"])
        #expect(browser.title == "Denied")
        let guessed = try await stage.pending(resource: "second")
        let number = try #require(try await stage.permission(guessed).matchNumber)
        await browser.open(guessed)
        for _ in 1...3 {
            await browser.submit("decision", ["decision": "approve", "number": number == "11" ? "12" : "11"])
        }
        #expect(browser.title == "Denied")
        #expect(try await stage.permission(guessed).status == .denied)
    }

    @Test("two approvers are two people, and neither is the one behind the agent")
    func twoPeople() async throws {
        let stage = try await ApprovalStage()
        let ben = try await stage.approver("Ben")
        try await stage.approver("Cleo")
        _ = try await stage.server.permissions.agents.update(
            stage.agent.id, workspace: stage.server.workspace.id, origin: .system
        ) { $0.originator = ben.id }
        try await stage.policy(#","approvers":2"#)
        let id = try await stage.pending()
        var anna = try await stage.proven(id)
        #expect(anna.page.text.contains("approval of two people"))
        await anna.submit("decision", ["decision": "approve"])
        #expect(anna.page.status == 200 && anna.title == "One approval is missing")
        #expect(await stage.told(id)?["status"]?.text == "pending")
        await anna.open(id)
        await anna.submit("decision", ["decision": "approve"])
        #expect(anna.page.status == 409 && anna.notice.contains("needs a second person"))
        var originator = try await stage.proven(id, as: "ben@example.com")
        await originator.submit("decision", ["decision": "approve"])
        #expect(originator.page.status == 403 && originator.notice.contains("acts for you"))
        var cleo = try await stage.proven(id, as: "cleo@example.com")
        await cleo.submit("decision", ["decision": "approve"])
        #expect(cleo.title == "Approved")
        #expect(try await stage.permission(id).decision?.by.count == 2)
    }

    @Test("a request that was decided elsewhere or whose time is over says so, and how it ended only to approvers")
    func ended() async throws {
        let stage = try await ApprovalStage()
        let (decided, late) = (try await stage.pending(), try await stage.pending(resource: "late"))
        var browser = try await stage.proven(decided)
        let server = stage.server
        let elsewhere = await server.call(
            .POST, "/api/v1/permissions/\(decided)/decide", key: server.operatorKey, body: #"{"approved":false}"#)
        #expect(elsewhere.status == 200)
        await browser.submit("decision", ["decision": "approve"])
        #expect(browser.page.status == 409 && browser.title == "Denied")
        var open = browser
        await open.open(late)
        stage.pass(seconds: 300)
        await open.submit("decision", ["decision": "approve"])
        #expect(open.page.status == 409 && open.title == "Too late")
        #expect(try await stage.permission(late).status == .expired)
        for id in [decided, late] {
            var stranger = ApprovalBrowser(server)
            await stranger.open(id)
            #expect(stranger.page.status == 200 && stranger.title == "Nothing to decide")
            #expect(!["Denied", "Too late", "Robot", "bank.transfer"].contains { stranger.page.text.contains($0) })
        }
    }

    @Test("nothing is sent for a request that is no longer open")
    func closedSendsNothing() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = ApprovalBrowser(stage.server)
        await browser.open(id)
        stage.pass(seconds: 300)
        await browser.submit("address", ["address": "anna@example.com"])
        #expect(browser.title == "Nothing to decide")
        #expect(await stage.codes().isEmpty)
    }

    @Test("what a test key asks for asks nobody, and has no page")
    func testKeys() async throws {
        let stage = try await ApprovalStage(mode: .test)
        let answer = await stage.ask()
        #expect(answer.status == 201)
        var browser = ApprovalBrowser(stage.server)
        await browser.open(try #require(answer.json?["data"]?["id"]?.text))
        #expect(browser.page.status == 404)
    }

    @Test("the text that was shown is the text that is approved: another digest decides nothing")
    func shownText() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        let digest = try #require(try await stage.permission(id).statement?.digest)
        #expect(browser.page.text.contains("<code>\(digest)</code>"))
        await browser.submit("decision", ["decision": "approve", "statement": String(digest.reversed())])
        #expect(browser.page.status == 409 && browser.notice.contains("Read it again"))
        #expect(try await stage.permission(id).status == .pending)
    }
}
