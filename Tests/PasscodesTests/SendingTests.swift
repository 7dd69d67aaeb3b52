import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Sending")
struct SendingTests {
    @Test("a live send delivers one code, which verifies")
    func deliversOneCode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        #expect(installation.mail.codes.count == 1)
        #expect(code.count == 6)
        #expect(try await installation.verify(code: code, workspace) == .verified)
    }

    @Test("a test send delivers nothing, uses no quota, and answers with the code")
    func testModeSendsNothing() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace, mode: .test)
        let code = try #require(dispatch.testCode).value
        #expect(installation.mail.codes.isEmpty)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        #expect(try await installation.verify(code: code, workspace) == .refused(.invalidCode, remaining: 4))
        #expect(try await installation.verify(code: code, workspace, mode: .test) == .verified)
    }

    @Test("a live send tells nobody the code")
    func liveSendHidesTheCode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        #expect(try await installation.send(workspace).testCode == nil)
    }

    @Test("a second send within the cooldown is refused, and works after it with the same code and its attempts")
    func resendSharesCodeAndAttempts() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let first = try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        _ = try await installation.verify(code: installation.wrong(code), workspace)

        installation.time.advance(seconds: 59)
        await #expect(throws: PasscodeError.workspace(.cooldown(retryAfter: 1))) {
            try await installation.send(workspace)
        }
        installation.time.advance(seconds: 1)
        let second = try await installation.send(workspace)
        #expect(second.identifier == first.identifier)
        #expect(installation.mail.codes == [code, code])
        #expect(
            try await installation.verify(code: installation.wrong(code), workspace)
                == .refused(.invalidCode, remaining: 3))
    }

    @Test("another spelling of a contact shares its cooldown")
    func spellingsShareTheCooldown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace, to: "Anna@Example.com")
        await #expect(throws: PasscodeError.workspace(.cooldown(retryAfter: 1))) {
            try await installation.send(workspace, to: "anna@example.COM")
        }
    }

    @Test("of 20 sends to one recipient at the same time, one message goes out")
    func parallelSendsMakeOneMessage() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await installation.send(workspace)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 1)
        #expect(installation.mail.codes.count == 1)
    }

    @Test("another channel gets a code of its own, and only the attempts that were left")
    func anotherChannelSharesAttempts() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        for _ in 0..<3 { _ = try await installation.verify(code: installation.wrong(code), workspace) }
        try await installation.send(workspace, channel: .voice)
        let second = try #require(installation.mail.codes.last)
        #expect(
            try await installation.verify(code: installation.wrong(second), workspace)
                == .refused(.invalidCode, remaining: 1))
        #expect(try await installation.verify(code: second, workspace) == .verified)
    }

    @Test("a verified code is not sent again: the next send makes a fresh one")
    func verifiedCodeIsNotResent() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await installation.send(workspace)
        let first = try #require(installation.mail.messages.first)
        _ = try await installation.verify(code: first.code, workspace)
        try await installation.send(workspace)
        #expect(installation.mail.messages.last?.challenge != first.challenge)
    }

    @Test("a premium-rate number is refused unless the workspace allows them")
    func premiumRateIsRefused() async throws {
        let installation = try await Installation()
        let careful = try await installation.workspace()
        let generous = try await installation.workspace { $0.allowPremium = true }
        await #expect(throws: PasscodeError.phoneNumberRefused()) {
            try await installation.send(careful, to: "+499001234567")
        }
        _ = try await installation.send(generous, to: "+499001234567")
    }

    @Test(
        "what is no contact is refused",
        arguments: [
            "", "+", "4915112345678", "+49 151 12345678", "+4915112345678x", "+0123456789", "+12345",
            "+15005550006666666",
            "+99912345678", "+4915112345678\n", "@", "a@", "@b.example", "a@b", "a b@c.example", "a@c..example",
            "a@b.example\r\nBcc: x@y.example", "\u{212A}im@b.example", "a@b.\u{212A}", "a@1.2.3.4",
        ])
    func contactIsChecked(text: String) {
        #expect(throws: PasscodeError.self) { try Contact(text) }
    }

    @Test("a channel that does not fit the contact is refused")
    func channelFitsContact() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for (contact, channel) in [(Installation.number, Channel.email), ("a@b.example", .sms)] {
            await #expect(throws: PasscodeError.invalidChannel()) {
                try await installation.send(workspace, to: contact, channel: channel)
            }
        }
    }

    @Test("with an inactive subscription nothing is sent and nothing verified")
    func inactiveSubscription() async throws {
        let installation = try await Installation()
        let active = try await installation.workspace()
        let workspace = try await installation.directory.update(active.id, origin: .system) {
            $0.subscription = .pastDue
        }
        let expected = PasscodeError.workspace(.subscriptionInactive())
        await #expect(throws: expected) { try await installation.send(workspace) }
        await #expect(throws: expected) { try await installation.token(code: "123456", workspace) }
        #expect(installation.mail.codes.isEmpty)
    }

    @Test("while the enclave is down a send is refused and nothing has changed")
    func enclaveDown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let before = try await installation.auditTrail(workspace)
        installation.enclave.goDown()
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.send(workspace) }
        await #expect(throws: PasscodeError.unavailable("")) {
            try await installation.token(code: "123456", workspace)
        }
        #expect(try await installation.auditTrail(workspace) == before)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
    }
}
