import EnclaveLink
import Fixtures
import Passcodes
import Storage
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

    @Test(
        "what the enclave refuses or has no room for went nowhere: everything is given back, and the same request sends"
    )
    func refusedByTheEnclave() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 1 }
        let full = StagedEnclave(installation.enclave) { request throws(EnclaveError) in
            if request is DeliverChallenge { throw EnclaveError(.overloaded) }
        }
        let challenges = installation.challenges(asking: full)
        let request = SendRequest(
            identifier: "oe_1", contact: try Contact(Installation.number), channel: nil,
            application: try #require(ApplicationName("Test")), idempotency: Idempotency(key: [1], body: [2]))
        await #expect(throws: PasscodeError.unavailable("")) {
            _ = try await challenges.send(request, for: installation.caller(workspace))
        }
        _ = try await installation.challenges.send(request, for: installation.caller(workspace))
        #expect(installation.mail.codes.count == 1)
    }

    @Test("an enclave that ends while it is asked may have sent the message: the same request sends none")
    func enclaveEnds() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 1 }
        let dying = StagedEnclave(installation.enclave) { request throws(EnclaveError) in
            if request is DeliverChallenge { throw EnclaveError(.unavailable) }
        }
        let request = SendRequest(
            identifier: "oe_1", contact: try Contact(Installation.number), channel: nil,
            application: try #require(ApplicationName("Test")), idempotency: Idempotency(key: [1], body: [2]))
        for challenges in [installation.challenges(asking: dying), installation.challenges] {
            await #expect(throws: PasscodeError.notDelivered) {
                _ = try await challenges.send(request, for: installation.caller(workspace))
            }
        }
        #expect(installation.mail.codes.isEmpty)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
    }

    @Test("a store that takes nothing for a while is waited for once the message is out")
    func storeHeld() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let database = StagedDatabase(installation.database)
        let challenges = installation.challenges(over: database)
        // The first unit admits the send; the next two are the first tries to write down that it went out.
        database.beforeUnits {
            if 2...3 ~= database.units { throw StorageError(.unavailable, reason: "held") }
        }
        let request = SendRequest(
            identifier: "oe_1", contact: try Contact(Installation.number), channel: nil,
            application: try #require(ApplicationName("Test")), idempotency: nil)
        let dispatch = try await challenges.send(request, for: installation.caller(workspace))
        #expect(try await installation.status(of: dispatch, workspace).status == .sent)
    }

    @Test("what could not be written down within a minute is ended, and a live send is left alone")
    func neverWritten() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let database = StagedDatabase(installation.database)
        database.endAfter(units: 1)
        let request = SendRequest(
            identifier: "oe_1", contact: try Contact(Installation.number), channel: nil,
            application: try #require(ApplicationName("Test")), idempotency: nil)
        await #expect(throws: PasscodeError.unavailable("")) {
            _ = try await installation.challenges(over: database).send(request, for: installation.caller(workspace))
        }
        installation.time.advance(seconds: 59)
        try await installation.challenges.prune()
        func status() async throws -> PasscodeStatus {
            try await installation.challenges.status(of: "oe_1", for: installation.caller(workspace)).status
        }
        #expect(try await status() == .pending)
        installation.time.advance(seconds: 2)
        try await installation.challenges.prune()
        #expect(try await status() == .failed)
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
