import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Delivery that fails")
struct DeliveryFailureTests {
    private static func failure(mayHaveArrived: Bool) -> DeliveryOutcome {
        .failed(
            DeliveryFailure(
                provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: mayHaveArrived))
    }

    @Test("a refused message gives quota, limits and cooldown back, and the audit says why")
    func everythingIsGivenBack() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.recipientLimit = 1
            $0.dailyBudget = 1
            $0.monthlyQuota = 1
        }
        installation.mail.answer(Self.failure(mayHaveArrived: false))
        await #expect(throws: PasscodeError.notDelivered) { try await installation.send(workspace) }
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        #expect(
            try await installation.auditTrail(workspace).last
                == "challenge.dispatched failed inbox: recipientRefused 550")

        installation.mail.answer(.accepted(provider: "smtp"))
        _ = try await installation.send(workspace)
        #expect(try await installation.directory.usedQuota(workspace.id) == 1)
        let codes = installation.mail.codes
        #expect(codes.count == 2 && codes[0] == codes[1])
        #expect(try await installation.verify(code: codes[1], workspace) == .verified)
    }

    @Test("a message that may have arrived gives the quota back, but keeps the cooldown")
    func uncertainDeliveryKeepsTheCooldown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.answer(Self.failure(mayHaveArrived: true))
        await #expect(throws: PasscodeError.notDelivered) { try await installation.send(workspace) }
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        await #expect(throws: PasscodeError.workspace(.cooldown(retryAfter: 1))) {
            try await installation.send(workspace)
        }
    }

    @Test("a failed resend leaves the code that was delivered before alive")
    func failedResendKeepsTheCode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await installation.send(workspace)
        installation.mail.answer(Self.failure(mayHaveArrived: false))
        await #expect(throws: PasscodeError.notDelivered) { try await installation.send(workspace) }
        let code = try #require(installation.mail.codes.first)
        #expect(try await installation.verify(code: code, workspace) == .verified)
    }
}
