import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Providers that are broken")
struct BreakerTests {
    private static func number(_ last: Int) -> String { "+4915112345\(100 + last)" }

    /// An installation whose first provider of SMS has failed five times, in three sends.
    private static func broken() async throws -> (Installation, Workspace) {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.answer(.refused(.unreachable, by: "first"), by: "first")
        for last in 0..<3 { try await installation.send(workspace, to: number(last)) }
        #expect(installation.challenges.providersLeftOut == ["first"])
        return (installation, workspace)
    }

    @Test("five failures in a row leave a provider out: the next send asks the other one at once")
    func leftOut() async throws {
        let (installation, workspace) = try await Self.broken()
        let before = installation.asked.count
        try await installation.send(workspace, to: Self.number(3))
        #expect(installation.asked.dropFirst(before) == ["second"])
    }

    @Test("after a while one send tries it, while the others pass it by; a message that it takes brings it back")
    func probe() async throws {
        let (installation, workspace) = try await Self.broken()
        installation.time.advance(seconds: 15)
        installation.mail.answer(.accepted(provider: "first"), by: "first")
        installation.mail.hold()
        let before = installation.asked.count
        try await withThrowingTaskGroup(of: Void.self) { group in
            for last in 10..<18 { group.addTask { try await installation.send(workspace, to: Self.number(last)) } }
            while installation.mail.held < 8 { await Task.yield() }
            installation.mail.letGo()
            try await group.waitForAll()
        }
        #expect(installation.asked.dropFirst(before).count { $0 == "first" } == 1)
        #expect(installation.challenges.providersLeftOut == [])
        try await installation.send(workspace, to: Self.number(20))
        #expect(installation.asked.last == "first")
    }

    @Test("a try that fails leaves it out for another while")
    func failedProbe() async throws {
        let (installation, workspace) = try await Self.broken()
        installation.time.advance(seconds: 15)
        let before = installation.asked.count
        try await installation.send(workspace, to: Self.number(10))
        try await installation.send(workspace, to: Self.number(11))
        #expect(installation.asked.dropFirst(before) == ["first", "second", "second"])
    }

    @Test("a queue of ours that is full says nothing of its provider: one that was left out stays so")
    func fullQueue() async throws {
        let (installation, workspace) = try await Self.broken()
        installation.time.advance(seconds: 15)
        installation.mail.answer(.refused(.busy, by: "first"), by: "first")
        let before = installation.asked.count
        try await installation.send(workspace, to: Self.number(10))
        try await installation.send(workspace, to: Self.number(11))
        #expect(installation.asked.dropFirst(before) == ["first", "second", "second"])
        #expect(installation.challenges.providersLeftOut == ["first"])
    }

    @Test(
        "a refusal brings no provider back, and hides no failure: some refusals are ours",
        arguments: [DeliveryFailure.Reason.messageRefused, .recipientRefused])
    func refusalIsNoSign(reason: DeliveryFailure.Reason) async throws {
        let (installation, workspace) = try await Self.broken()
        installation.time.advance(seconds: 15)
        installation.mail.answer(.refused(reason, by: "first"), by: "first")
        _ = try? await installation.send(workspace, to: Self.number(10))
        #expect(installation.challenges.providersLeftOut == ["first"])
    }

    @Test("what is wrong with a message or its recipient says nothing of the provider")
    func recipientsFault() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.answer(.refused(.recipientRefused, by: "first"), by: "first")
        for last in 0..<8 {
            await #expect(throws: PasscodeError.notDelivered) {
                try await installation.send(workspace, to: Self.number(last))
            }
        }
        #expect(installation.challenges.providersLeftOut == [])
    }

    @Test("where all providers are left out the send fails at once, and takes nothing")
    func allLeftOut() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.answer(.refused(.unreachable, by: "meta"), by: "meta")
        for last in 0..<4 {
            await #expect(throws: PasscodeError.notDelivered) {
                try await installation.send(workspace, to: Self.number(last), channel: .whatsapp)
            }
        }
        #expect(installation.asked.count == 5)
        #expect(try await installation.auditTrail(workspace).last == "challenge.dispatched failed meta: leftOut")
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
    }
}
