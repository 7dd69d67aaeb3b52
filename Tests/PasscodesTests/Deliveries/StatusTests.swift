import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("What has become of a passcode")
struct StatusTests {
    @Test("a code is sent, and verified once its code was right")
    func verified() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        let sent = try await installation.status(of: dispatch, workspace)
        #expect(sent.status == .sent && sent.attemptsRemaining == 5 && sent.channel == .sms)
        let delivery = try #require(sent.deliveries.first)
        #expect(delivery.provider == "inbox" && delivery.settledAt != nil && delivery.reportedAt == nil)
        _ = try await installation.verify(code: installation.wrong(installation.mail.codes[0]), workspace)
        #expect(try await installation.status(of: dispatch, workspace).attemptsRemaining == 4)
        _ = try await installation.verify(code: installation.mail.codes[0], workspace)
        #expect(try await installation.status(of: dispatch, workspace).status == .verified)
        #expect(installation.changes.kinds == [.sent, .verified])
    }

    @Test("a code is pending while a message is on its way")
    func pending() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        async let dispatch = installation.send(workspace)
        while installation.mail.held == 0 { await Task.yield() }
        let id = try #require(installation.mail.messages.first?.challenge)
        let caller = installation.caller(workspace)
        #expect(try await installation.challenges.status(of: id, for: caller).status == .pending)
        installation.mail.letGo()
        #expect(try await dispatch.identifier == id)
        #expect(try await installation.challenges.status(of: id, for: caller).status == .sent)
    }

    @Test("a code is locked by its last wrong attempt, and its workspace is told once, however many try")
    func locked() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        let wrong = installation.wrong(installation.mail.codes[0])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<12 { group.addTask { _ = try? await installation.verify(code: wrong, workspace) } }
        }
        #expect(try await installation.status(of: dispatch, workspace).status == .locked)
        #expect(installation.changes.kinds == [.sent, .locked])
    }

    @Test("a sealed code is locked by its last wrong attempt, and its workspace is told once")
    func lockedSealed() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let wrong = installation.wrong(try installation.code(of: dispatch))
        for _ in 0..<5 { _ = try? await installation.verifySealed(dispatch, code: wrong, workspace) }
        let caller = installation.caller(workspace)
        #expect(try await installation.challenges.status(of: dispatch.identifier, for: caller).status == .locked)
        #expect(installation.changes.kinds == [.sent, .locked])
    }

    @Test("a code whose time is over has expired, and those who listen are told once")
    func expired() async throws {
        let installation = try await Installation()
        let (told, silent) = (try await installation.workspace(), try await installation.workspace())
        installation.changes.listen(in: [told.id])
        let dispatch = try await installation.send(told)
        let used = try await installation.send(told, to: "a@example.com")
        _ = try await installation.verify("a@example.com", code: installation.mail.codes[1], told)
        let sealed = try await installation.sendSealed(told, to: "b@example.com")
        let other = try await installation.send(silent)
        installation.time.advance(seconds: 599)
        try await installation.challenges.prune()
        #expect(try await installation.status(of: dispatch, told).status == .sent)
        #expect(installation.changes.all.filter { $0.kind == .expired }.map(\.identifier) == [sealed.identifier])
        installation.time.advance(seconds: 1)
        for _ in 0..<2 { try await installation.challenges.prune() }
        #expect(try await installation.status(of: dispatch, told).status == .expired)
        #expect(try await installation.status(of: used, told).status == .verified)
        #expect(try await installation.status(of: other, silent).status == .expired)
        let expired = installation.changes.all.filter { $0.kind == .expired }.map(\.identifier)
        #expect(expired == [sealed.identifier, dispatch.identifier])
    }

    @Test("where nobody took the message the code has failed, and says why, also when its time is over")
    func failed() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace()
        installation.mail.answer(.refused(.messageRefused, by: "meta"), by: "meta")
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, channel: .whatsapp)
        }
        let id = try #require(installation.mail.messages.first?.challenge)
        #expect(installation.changes.kinds == [.failed])
        #expect(installation.changes.all.first?.reason == "messageRefused 1")
        for _ in 0..<2 {
            let record = try await installation.challenges.status(of: id, for: installation.caller(workspace))
            #expect(record.status == .failed && record.deliveries.map(\.reason) == ["messageRefused 1"])
            installation.time.advance(seconds: 600)
        }
    }

    @Test("another workspace's code, the other mode's, this server's own page's and none are all unknown alike")
    func foreign() async throws {
        let installation = try await Installation()
        let (workspace, other) = (try await installation.workspace(), try await installation.workspace())
        let dispatch = try await installation.send(workspace)
        let page = try await installation.sendSealed(workspace, to: "a@example.com") { $0.purpose = .approval }
        for (id, caller) in [
            (dispatch.identifier, installation.caller(other)),
            (dispatch.identifier, installation.caller(workspace, .test)),
            (page.identifier, installation.caller(workspace)), ("oe_none", installation.caller(workspace)),
            ("", installation.caller(workspace)),
        ] {
            await #expect(throws: PasscodeError.challengeUnknown()) {
                try await installation.challenges.status(of: id, for: caller)
            }
            await #expect(throws: PasscodeError.challengeUnknown()) {
                try await installation.challenges.cancel(id, for: caller)
            }
        }
        #expect(try await installation.status(of: dispatch, workspace).status == .sent)
    }

    @Test("test codes, decoys and codes of this server's own page tell nobody")
    func silent() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let test = try await installation.send(workspace, mode: .test)
        _ = try await installation.verify(code: try #require(test.testCode).value, workspace, mode: .test)
        let page = try await installation.sendSealed(workspace, to: "a@example.com") { $0.purpose = .approval }
        #expect(installation.mail.messages.map(\.challenge) == [page.identifier])
        #expect(installation.changes.kinds == [])
        #expect(try await installation.status(of: test, workspace, mode: .test).deliveries == [])
    }

    @Test("what ended long ago is forgotten with its messages")
    func pruned() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        installation.time.advance(seconds: 86_400 + 601)
        try await installation.challenges.prune()
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.status(of: dispatch, workspace)
        }
        let rows = try await installation.database.read { try $0.row("SELECT COUNT(*) FROM delivery", [])?.integer(0) }
        #expect(rows == 0)
    }
}
