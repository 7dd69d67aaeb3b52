import Encodings
import Fixtures
import HTTPServer
import Permissions
import Testing
import Workspaces

@Suite("The approval page: attacks")
struct ApprovalAttackTests {
    @Test("a form that another site sends counts for nothing, with the person's cookies and without")
    func forgedForms() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        let browser = try await stage.proven(id)
        let form = try #require(browser.form(to: "decision"))
        let good = form.fields.map { ($0.name, $0.value) } + [("decision", "approve")]
        let without = good.filter { $0.0 != "form" }
        var attackers: [(ApprovalBrowser, [(String, String)])] = []
        // The victim's browser, on the attacker's page, which cannot read a token.
        attackers.append((browser, without))
        attackers.append((browser, without + [("form", "")]))
        attackers.append((browser, without + [("form", String(repeating: "A", count: 43))]))
        // The attacker's own token.
        var own = ApprovalBrowser(stage.server)
        await own.open(id)
        attackers.append((browser, without + [("form", own.form(to: "address")?.fields[0].value ?? "")]))
        // Strict cookies stay at home.
        var bare = browser
        bare.cookies = [:]
        attackers.append((bare, good))
        // Each kind of site that is not the page itself.
        for site in ["cross-site", "same-site", "none"] {
            var elsewhere = browser
            elsewhere.headers = [("Sec-Fetch-Site", site)]
            attackers.append((elsewhere, good))
        }
        for (attacker, fields) in attackers {
            var attacker = attacker
            await attacker.post(form.action, fields)
            #expect(attacker.page.status == 403 && attacker.notice.contains("another page or browser"))
        }
        #expect(try await stage.permission(id).status == .pending)
        var person = browser
        person.headers = [("Sec-Fetch-Site", "same-origin"), ("Origin", "null")]
        await person.post(form.action, good)
        #expect(person.title == "Approved", "the control: the page itself sends the same")
    }

    @Test("a form is for one request and one person: from another page or from before a login it counts for nothing")
    func boundForms() async throws {
        let stage = try await ApprovalStage()
        let (one, other) = (try await stage.pending(), try await stage.pending(resource: "other"))
        var browser = await stage.asking(one)
        let before = try #require(browser.form(to: "code")?.fields.first { $0.name == "form" }?.value)
        await browser.submit("code", ["code": try #require(await stage.codes().last)])
        let form = try #require(browser.form(to: "decision"))
        let fields = form.fields.map { ($0.name, $0.value) } + [("decision", "approve")]
        await browser.post("/approve/\(other)/decision", fields)
        #expect(browser.page.status == 403)
        await browser.post(form.action, fields.map { ($0.0, $0.0 == "form" ? before : $0.1) })
        #expect(browser.page.status == 403)
        for id in [one, other] { #expect(try await stage.permission(id).status == .pending) }
    }

    @Test("a code that one browser asked for cannot be entered in another")
    func otherBrowser() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        _ = await stage.asking(id)
        let code = try #require(await stage.codes().last)
        var thief = await stage.asking(id, as: "nobody@example.com")
        await thief.submit("code", ["code": code])
        #expect(thief.page.status == 422 && thief.notice.contains("not the code"))
    }

    @Test("what an agent writes stays text on lines of its own, wherever the page shows it")
    func injection() async throws {
        let hostile = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
            "</li></ul><h1>Safe</h1>",
            "a\nApproved by the operator", "a\r\nSet-Cookie: x=1", "\u{202E}evil\u{2066}", "&lt;b&gt;", "]]><!--",
            "javascript:alert(1)", String(repeating: "x", count: 255),
        ]
        let stage = try await ApprovalStage(agentName: "<b onclick='alert(1)'>Robot & Söhne</b>")
        for text in hostile {
            let quoted = JSONText.quoted(text)
            // A name with control characters is refused.
            let visible = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 }))
            let name = JSONText.quoted(visible)
            let id = try await stage.pending(
                scope: "{\(name):\(quoted),\(JSONText.quoted("max_" + visible)):5}",
                context: "{\(name):{\(name):[\(quoted)]}}", resource: text)
            var browser = try await stage.proven(id)
            #expect(browser.title == "Allow this?")
            let page = browser.page.text
            let statement = try #require(try await stage.permission(id).statement?.text)
            #expect(page.matches(of: /<li>/).count == statement.split(separator: "\n").count)
            for mark in [
                "<script", "<img", "<b ", "<h1>Safe", "\u{202E}", "\u{2066}", "<!--", " onfocus='", "href=\"java",
            ] {
                #expect(!page.contains(mark), "\(mark)")
            }
            #expect(!page.contains("\nApproved by") && browser.page.headers.values("Set-Cookie").count == 1)
            #expect(page.contains("&lt;b onclick=&#39;alert(1)&#39;&gt;Robot &amp; Söhne&lt;/b&gt;"))
            await browser.submit("decision", ["decision": "deny", "reason": String(text.prefix(255))])
            #expect(!["<script", "<img", "<h1>Safe"].contains { browser.page.text.contains($0) })
            stage.pass(seconds: 3_700)
        }
    }

    @Test("every page keeps scripts, frames, caches, referrers and other servers out")
    func fences() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending(scope: #"{"max_amount":5}"#)
        var pages: [ApprovalBrowser] = []
        var browser = ApprovalBrowser(stage.server)
        for path in ["perm_unknown", "\(id)?here", id, "\(id)/nothing"] {
            await browser.go(.GET, "/approve/\(path)")
            pages.append(browser)
        }
        await browser.submit("address", ["address": "x"])
        pages.append(browser)
        browser = try await stage.proven(id)
        pages.append(browser)
        await browser.submit("decision", ["decision": "deny"])
        pages.append(browser)
        await browser.go(.POST, "/approve/\(id)/decision", body: "form=x")
        pages.append(browser)
        for page in pages.map(\.page) {
            let policy = page.headers["Content-Security-Policy"] ?? ""
            for rule in [
                "default-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'",
                "frame-ancestors 'none'",
            ] { #expect(policy.contains(rule)) }
            #expect(!policy.contains("script-src") && !policy.contains("unsafe"))
            #expect(page.headers["Cache-Control"] == "no-store" && page.headers["Referrer-Policy"] == "no-referrer")
            #expect(page.headers["X-Frame-Options"] == "DENY")
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.text.firstMatch(of: /<script|<style|\sstyle=|\son[a-z]+=|src=|https?:/.ignoresCase()) == nil)
            #expect(page.text.contains(#"<meta name="viewport" content="width=device-width, initial-scale=1">"#))
        }
        let style = await stage.server.call(.GET, "/approve/page.css")
        #expect(style.status == 200 && style.headers["Content-Type"] == "text/css; charset=utf-8")
    }

    @Test("an unknown request, one that nobody was asked about and a garbled name are one and the same")
    func unknown() async throws {
        let stage = try await ApprovalStage()
        let server = stage.server
        let id = try await stage.pending()
        try await stage.policy(action: "deny")
        let byPolicy = try #require(await stage.ask("denied.action").json?["data"]?["id"]?.text)
        var answers: [String] = []
        for name in [
            "perm_00000000000000000000000000000000", byPolicy, String(id.dropLast()) + "x", id.uppercased(),
            "%0d%0aSet-Cookie:x=1",
            "..%2f..%2fetc%2fpasswd", "%3Cscript%3E", String(repeating: "a", count: 4_000),
        ] {
            for (method, step) in [(HTTPMethod.GET, ""), (.POST, "/decision"), (.POST, "/address")] {
                var browser = ApprovalBrowser(server)
                await browser.go(method, "/approve/\(name)\(step)", body: "form=x")
                #expect(browser.page.status == 404 && browser.cookies.isEmpty)
                answers.append(browser.page.text)
            }
        }
        #expect(Set(answers).count == 1)
    }

    @Test(
        "a form that is none of the page's decides nothing",
        arguments: [
            "&decision=approve&decision=deny", "&decision=maybe", "", "&decision=approve&extra=1",
            "&decision=approve&limit:max_amount=1&limit:max_other=1", "&decision=approve&reason=%ff",
        ])
    func oddForms(_ rest: String) async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending(scope: #"{"max_amount":5}"#)
        var browser = try await stage.proven(id)
        let form = try #require(browser.form(to: "decision"))
        let token = try #require(form.fields.first { $0.name == "form" }?.value)
        let digest = try #require(form.fields.first { $0.name == "statement" }?.value)
        let reason = rest.contains("reason") ? "" : "&reason="
        let limit = rest.contains("max_amount") ? "" : "&limit:max_amount=5"
        await browser.go(
            .POST, form.action, body: "form=\(token)&statement=\(digest)\(reason)\(limit)\(rest)")
        #expect(browser.page.status == 400 && browser.notice.contains("not filled in"))
        #expect(try await stage.permission(id).status == .pending)
    }

    @Test("a form as JSON, as text, without a type or in pieces is no form")
    func otherTypes() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        let form = try #require(browser.form(to: "decision"))
        let body = (form.fields.map { "\($0.name)=\($0.value)" } + ["decision=approve"]).joined(separator: "&")
        for type in ["application/json", "text/plain", "multipart/form-data; boundary=x", nil] {
            await browser.go(.POST, form.action, body: body, type: type)
            #expect(browser.page.status == 400)
        }
        await browser.go(.POST, form.action, body: body + "&" + String(repeating: "x&", count: 30_000))
        #expect(browser.page.status == 400)
        await browser.go(
            .POST, form.action, body: body.replacing("reason=", with: "reason=" + String(repeating: "y", count: 60_000))
        )
        #expect(browser.page.status == 400)
        #expect(try await stage.permission(id).status == .pending)
        await browser.go(
            .POST, form.action, body: body, type: "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
        #expect(browser.title == "Approved", "the control")
    }

    @Test("one network sends so many forms a minute, and is told when it may again")
    func limit() async throws {
        let stage = try await ApprovalStage { $0.visitorLimit = 3 }
        let id = try await stage.pending()
        var browser = ApprovalBrowser(stage.server)
        for _ in 1...3 {
            await browser.open(id)
            await browser.submit("address", ["address": "no address"])
            #expect(browser.page.status == 422)
        }
        await browser.open(id)
        await browser.submit("address", ["address": "anna@example.com"])
        #expect(browser.page.status == 429 && browser.page.headers["Retry-After"] == "20")
        #expect(await stage.codes().isEmpty)
        browser.peer = .address(ip: "198.51.100.1", port: 1)
        await browser.open(id)
        await browser.submit("address", ["address": "anna@example.com"])
        #expect(browser.title == "Enter your code")
    }

    @Test("no code, session or form token stands in the log or the trail")
    func secrets() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        let secrets =
            await stage.codes() + browser.cookies.values
            + [try #require(browser.form(to: "decision")?.fields.first { $0.name == "form" }?.value)]
        await browser.submit("decision", ["decision": "approve"])
        #expect(browser.title == "Approved" && secrets.count == 4)
        let written = try await stage.auditTrail() + stage.server.log.lines
        for secret in secrets { #expect(!written.contains { $0.contains(secret) }) }
    }
}
