import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Deliveries that nobody waits for")
struct UnattendedDeliveryTests {
    @Test("a thousand are under way at most; beyond, visitors are refused with nothing changed, decoys too")
    func bounded() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        for position in 0..<1_000 {
            try await installation.sendSealed(workspace, to: "a\(position)@example.org", asker: .visitor)
        }
        let before = try await installation.auditTrail(workspace).count
        for contact in ["b@example.org", "+499001234567"] {
            await #expect(throws: PasscodeError.unavailable("")) {
                try await installation.sendSealed(workspace, to: contact, asker: .visitor)
            }
        }
        #expect(try await installation.auditTrail(workspace).count == before)
        installation.mail.letGo()
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        try await installation.sendSealed(workspace, to: "b@example.org", asker: .visitor)
    }

    @Test("neither decoys nor refused sends stay under way")
    func nothingLeaks() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for _ in 0..<5 {
            _ = try? await installation.sendSealed(workspace, to: "+499001234567", asker: .visitor)
        }
        #expect(await installation.challenges.drain(within: .zero) == 0)
    }

    @Test("the end of the server waits for them, and no longer than it may")
    func drain() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        try await installation.sendSealed(workspace, asker: .visitor)
        try await installation.sendSealed(workspace, asker: .visitor)
        #expect(await installation.challenges.drain(within: .milliseconds(1)) == 2)
        async let left = installation.challenges.drain(within: .seconds(60))
        installation.mail.letGo()
        #expect(await left == 0)
        let sent = try await installation.auditTrail(workspace).count { $0 == "challenge.dispatched done inbox" }
        #expect(sent == 2)
    }
}
