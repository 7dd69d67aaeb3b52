import EnclaveLink
import Fixtures
import HTTPServer
import Permissions
import SealedPasscodes
import Testing
import Workspaces

@Suite("The approval page: who sits there")
struct ApprovalProofTests {
    @Test("nothing of a request is shown before a code that was sent to an approver was entered")
    func hiddenBefore() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending(context: #"{"note":"for the rent"}"#)
        var browser = ApprovalBrowser(stage.server)
        await browser.open(id)
        #expect(browser.page.status == 200 && browser.title == "Who are you?")
        #expect(!browser.page.text.contains("bank.transfer") && !browser.page.text.contains("Robot"))
        await browser.submit("address", ["address": " Anna@Example.com "])
        #expect(browser.title == "Enter your code" && !browser.page.text.contains("bank.transfer"))
        let code = try #require(await stage.codes().first)
        #expect(stage.server.installation.mail.messages.map(\.wording.application) == ["test approval"])
        await browser.submit("code", ["code": " \(code.prefix(4))-\(code.dropFirst(4).lowercased()) "])
        #expect(browser.page.status == 200 && browser.title == "Allow this?")
        for line in ["action: bank.transfer", #"context "note": "for the rent""#, "What follows is the agent's claim:"]
        {
            #expect(ApprovalBrowser.unescaped(browser.page.text).contains(line))
        }
        #expect(try await stage.auditTrail().contains { $0.hasPrefix("approver.identified done ch_") })
    }

    @Test("a GET sends nothing, decides nothing and uses nothing up, however often: scanners follow links")
    func looking() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        let before = try await stage.auditTrail()
        var scanner = ApprovalBrowser(stage.server)
        for query in ["", "?here", "?address", "?decision=approve&form=x", ""] {
            await scanner.open(id, query: query)
            await scanner.go(.HEAD, "/approve/\(id)\(query)")
            #expect(scanner.page.status == 200)
        }
        for step in ["address", "code", "decision", "leave"] {
            await scanner.go(.GET, "/approve/\(id)/\(step)?address=anna@example.com&decision=approve")
            #expect(scanner.page.status == 405 && scanner.page.headers["Content-Type"] == "text/html; charset=utf-8")
        }
        #expect(await stage.codes().isEmpty)
        #expect(try await stage.auditTrail() == before)
        #expect(try await stage.permission(id).status == .pending)
    }

    @Test("whether an address is an approver's shows neither at once nor in what codes come to")
    func sameAnswers() async throws {
        let stage = try await ApprovalStage { $0.recipientLimit = 2 }
        let other = try await stage.server.installation.workspace()
        try await stage.approver("Otto", workspace: other)
        try await stage.approver("Ines", isActive: false)
        let id = try await stage.pending()
        let people = ["anna", "otto", "ines", "nobody"].map { "\($0)@example.com" }
        var seen: [String: [String]] = [:]
        for person in people {
            // The third message would be one too many for an approver, and for nobody else.
            for _ in 1...3 {
                var browser = await stage.asking(id, as: person)
                seen[person, default: []].append("\(browser.page.status) \(browser.shown)")
                for _ in 1...4 {
                    await browser.open(id)
                    await browser.submit("code", ["code": "ZZZZZZZZZ"])
                    seen[person, default: []].append("\(browser.page.status) \(browser.shown)")
                }
            }
        }
        for person in people { #expect(seen[person] == seen["anna@example.com"]) }
        #expect(seen["anna@example.com"]?.count == 15)
        #expect(await stage.codes().count == 2)
        for person in people.dropFirst() { #expect(await stage.codes(to: person).isEmpty) }
        let made = try await stage.auditTrail().filter { $0.hasPrefix("challenge.created") }
        #expect(made.filter { $0.hasSuffix("refused live email nobody") }.count == 9, "the trail tells")
    }

    @Test("the third wrong code closes it, for the right one too; another one can be asked for")
    func wrongCodes() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = await stage.asking(id)
        let code = try #require(await stage.codes().last)
        let waiting = browser.cookies
        for left in ["2 tries are left", "One try is left", "it was the last try"] {
            await browser.submit("code", ["code": stage.server.installation.wrong(code)])
            #expect(browser.page.status == 422 && browser.notice.contains(left))
        }
        #expect(browser.title == "Who are you?", "there is nothing left to enter")
        browser.cookies = waiting
        await browser.open(id)
        await browser.submit("code", ["code": code])
        #expect(browser.page.status == 429 && browser.notice.contains("this one is closed"))
        await browser.submit("address", ["address": "anna@example.com"])
        await browser.submit("code", ["code": try #require(await stage.codes().last)])
        #expect(browser.title == "Allow this?")
    }

    @Test("a code works once, in its time and in the enclave that made it")
    func codesEnd() async throws {
        let stage = try await ApprovalStage { $0.sealedCodeLifetimeSeconds = 60 }
        let id = try await stage.pending()
        var browser = await stage.asking(id)
        let waiting = browser.cookies
        let code = try #require(await stage.codes().last)
        await browser.submit("code", ["code": code])
        #expect(browser.title == "Allow this?")
        browser.cookies = waiting
        await browser.open(id)
        await browser.submit("code", ["code": code])
        #expect(browser.page.status == 422 && browser.notice.contains("used before"))

        browser = await stage.asking(id)
        stage.pass(seconds: 60)
        await browser.submit("code", ["code": try #require(await stage.codes().last)])
        #expect(browser.page.status == 422 && browser.notice.contains("no longer counts"))

        browser = await stage.asking(id)
        try await stage.server.installation.restartEnclave()
        await browser.submit("code", ["code": try #require(await stage.codes().last)])
        #expect(browser.page.status == 422 && browser.notice.contains("no longer counts"))
    }

    @Test("a code of the page is worth nothing elsewhere, and codes of elsewhere are worth nothing on it")
    func purposes() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        let party = try SealedParty.backEnd(stage.server)

        // The page's challenge, at our own API.
        var browser = await stage.asking(id)
        let code = try #require(await stage.codes().first)
        let onPage = try #require(stage.server.installation.mail.messages.last?.challenge)
        let login = await party.start("anna@example.com")
        let sealed = try party.seal(code, to: login)
        let attempt = TestServer.Answer(
            status: 201, headers: [:], text: "", json: .object([.init(name: "id", value: .string(onPage))]))
        #expect(await party.attempt(sealed, at: attempt).code == "challenge_unknown")

        // A challenge of our own API, on the page.
        let elsewhere = try #require(login.text("id"))
        let (name, value) = try #require(browser.cookies.first { $0.value.hasSuffix("~\(onPage)") })
        browser.cookies[name] = value.replacing(onPage, with: elsewhere)
        await browser.submit("code", ["code": try await stage.server.code(of: login)])
        #expect(browser.page.status == 422 && browser.notice.contains("no longer counts"))

        // Nothing was used up by either.
        browser.cookies[name] = value
        await browser.open(id)
        await browser.submit("code", ["code": code])
        #expect(browser.title == "Allow this?")
    }

    @Test("three codes count at a time; then the page says so, for whatever address")
    func inFlight() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        for address in ["anna@example.com", "nobody@example.com"] {
            for _ in 1...3 { #expect(await stage.asking(id, as: address).page.status == 200) }
            let fourth = await stage.asking(id, as: address)
            #expect(fourth.page.status == 429 && fourth.notice.contains("Three codes"))
            #expect(fourth.page.headers["Retry-After"] == "300")
        }
    }

    @Test("what is no e-mail address is said to be none", arguments: ["anna", "anna@", "a b@example.com", ""])
    func noAddress(_ text: String) async throws {
        let stage = try await ApprovalStage()
        let browser = await stage.asking(try await stage.pending(), as: text)
        #expect(browser.page.status == 422 && browser.notice == "That is not an e-mail address.")
    }

    @Test("a sandbox's codes, which everybody knows, let nobody in")
    func sandbox() async throws {
        let stage = try await ApprovalStage { $0.sandbox = true }
        let address = try #require(EmailAddress("user@example.com"))
        _ = try await stage.server.permissions.approvers.create(
            name: "User", address: address, workspace: stage.server.workspace.id, origin: .system)
        let browser = await stage.asking(try await stage.pending(), as: address.text)
        #expect(browser.page.status == 403 && browser.notice.contains("sandbox"))
    }

    @Test("whoever comes from another site is sent on to the same page, where their cookies count")
    func arrival() async throws {
        let stage = try await ApprovalStage()
        let id = try await stage.pending()
        var browser = try await stage.proven(id)
        let known = browser.cookies
        browser.headers = [("Sec-Fetch-Site", "cross-site")]
        browser.cookies = [:]
        await browser.open(id)
        #expect(browser.page.text.contains(#"<meta http-equiv="refresh" content="0; url=/approve/\#(id)?here">"#))
        #expect(browser.page.headers["Set-Cookie"] == nil, "it would take the place of one that was not shown")
        browser.cookies = known
        browser.headers = [("Sec-Fetch-Site", "same-origin")]
        await browser.open(id, query: "?here")
        #expect(browser.title == "Allow this?")
    }
}
