import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Routes")
struct RouteTests {
    private static let german = "+4915112345678"
    private static let indian = "+919876543210"

    @Test("a code takes its country's channels in their order, each by its providers in theirs")
    func order() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        try await installation.send(workspace, to: Self.german)
        try await installation.send(workspace, to: Self.indian)
        try await installation.send(workspace, to: "a@example.com")
        #expect(installation.asked == ["meta", "first", "inbox"])
        #expect(installation.mail.messages.map(\.channel) == [.whatsapp, .sms, .email])
    }

    @Test("where one provider does not take the message the next one is asked, and the first answer ends the send")
    func fallback() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(.refused(.authenticationRefused, by: "meta"), by: "meta")
        installation.mail.answer(.refused(.messageRefused, by: "first"), by: "first")
        installation.mail.answer(.accepted(provider: "second", message: "SM1"), by: "second")
        let dispatch = try await installation.send(workspace)
        #expect(installation.asked == ["meta", "first", "second"])
        #expect(Set(installation.mail.codes).count == 1)
        let record = try await installation.status(of: dispatch, workspace)
        #expect(record.status == .sent && record.channel == .sms)
        #expect(record.deliveries.map(\.state) == [.failed, .failed, .sent])
        #expect(record.deliveries.map(\.provider) == ["meta", "first", "second"])
        #expect(record.deliveries[0].reason == "authenticationRefused 1")
        #expect(
            try await installation.auditTrail(workspace).last
                == "challenge.dispatched done meta: authenticationRefused 1, first: messageRefused 1, second")
        #expect(try await installation.verify(code: installation.mail.codes[0], workspace) == .verified)
    }

    @Test("a provider is asked once more where nothing can have arrived, and not a third time")
    func retry() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(
            .refused(.unreachable, by: "first"), .accepted(provider: "first", message: "SM1"), by: "first")
        try await installation.send(workspace, channel: .sms)
        #expect(installation.asked == ["first", "first"])
        installation.mail.answer(.refused(.timedOut, by: "first"), by: "first")
        try await installation.send(workspace, to: Self.indian)
        #expect(installation.asked == ["first", "first", "first", "first", "second"])
    }

    @Test("a provider that used its time up is not asked again: the next one is")
    func hanging() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(.refused(.timedOut, by: "first"), by: "first")
        installation.mail.hold()
        async let sent = installation.send(workspace, to: Self.indian)
        while installation.mail.held == 0 { await Task.yield() }
        installation.time.advance(seconds: 5)
        installation.mail.letGo()
        _ = try await sent
        #expect(installation.asked == ["first", "second"])
    }

    @Test("a message that may have arrived is followed by no second one")
    func uncertain() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(.refused(.timedOut, by: "meta", mayHaveArrived: true), by: "meta")
        await #expect(throws: PasscodeError.notDelivered) { try await installation.send(workspace) }
        #expect(installation.asked == ["meta"])
    }

    @Test("a recipient whom a channel does not reach is tried over the next channel, not by its next provider")
    func recipient() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.routes = ChannelRoutes(["*=sms/whatsapp"]) ?? .none }
        installation.mail.answer(.refused(.recipientRefused, by: "first"), by: "first")
        try await installation.send(workspace)
        #expect(installation.asked == ["first", "meta"])
    }

    @Test("a channel that the caller names has no other in its place: its providers, then an error")
    func named() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(.refused(.messageRefused, by: "first"), by: "first")
        installation.mail.answer(.refused(.messageRefused, by: "second"), by: "second")
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, channel: .sms)
        }
        #expect(installation.asked == ["first", "second"])
    }

    @Test("the inbox stands in for no channel of a route that reaches the person")
    func inbox() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.routes = ChannelRoutes(["*=voice/sms"]) ?? .none }
        try await installation.send(workspace)
        #expect(installation.asked == ["first"])
    }

    @Test("a resend over a channel of the route brings the same code, over another one a code of its own")
    func resend() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        let first = try await installation.send(workspace)
        let second = try await installation.send(workspace, channel: .sms)
        #expect(first.identifier == second.identifier)
        #expect(installation.asked == ["meta", "first"] && Set(installation.mail.codes).count == 1)
        let third = try await installation.send(workspace, channel: .voice)
        #expect(third.identifier != first.identifier)
        #expect(installation.asked.last == "inbox" && Set(installation.mail.codes).count == 2)
        #expect(try await installation.status(of: first, workspace).deliveries.map(\.provider) == ["meta", "first"])
    }

    @Test("a route that is changed while a code lives brings it only over what it was made for")
    func changedRoute() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace {
            $0.routes = ChannelRoutes(["*=sms"]) ?? .none
            $0.cooldownSeconds = 0
        }
        let first = try await installation.send(workspace)
        let changed = try await installation.directory.update(workspace.id, origin: .system) {
            $0.settings.routes = ChannelRoutes(["*=whatsapp/sms"]) ?? .none
        }
        let second = try await installation.send(changed)
        #expect(first.identifier == second.identifier && installation.asked == ["first", "first"])
    }

    @Test("a sealed code takes the same way, and its answer names the channel that it took")
    func sealed() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.routedWorkspace()
        installation.mail.answer(.refused(.messageRefused, by: "meta"), by: "meta")
        let dispatch = try await installation.sendSealed(workspace, flow: .countersign)
        #expect(installation.asked == ["meta", "first"] && dispatch.channel == .sms)
        let record = try await installation.challenges.status(
            of: dispatch.identifier, for: installation.caller(workspace))
        #expect(record.status == .sent && record.deliveries.map(\.state) == [.failed, .sent])
    }
}
