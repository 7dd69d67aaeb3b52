import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private let first = Idempotency(key: [1], body: [1])

    @Test("a repeated request sends nothing more and answers with the same challenge")
    func replays() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.send(workspace, idempotency: first)
        let again = try await installation.send(workspace, idempotency: first)
        #expect(again.identifier == one.identifier)
        #expect(!one.isReplay && again.isReplay)
        #expect(installation.mail.codes.count == 1)
        #expect(try await installation.directory.usedQuota(workspace.id) == 1)
    }

    @Test("in test mode a repeated request gets the same code")
    func replaysTestCode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.send(workspace, mode: .test, idempotency: first)
        let again = try await installation.send(workspace, mode: .test, idempotency: first)
        #expect(one.testCode != nil)
        #expect(again.testCode == one.testCode)
    }

    @Test("after a restart a repeated test request answers the same, without the code that is gone")
    func replayAfterRestart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.send(workspace, mode: .test, idempotency: first)
        try await installation.restartEnclave()
        let again = try await installation.send(workspace, mode: .test, idempotency: first)
        #expect(again.identifier == one.identifier && again.isReplay && again.testCode == nil)
    }

    @Test("the same key with another request is refused, and of the other mode too")
    func otherBody() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace, idempotency: first)
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.send(
                workspace, to: "other@example.com", idempotency: Idempotency(key: [1], body: [2]))
        }
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.send(workspace, mode: .test, idempotency: first)
        }
    }

    @Test("two workspaces may use the same key")
    func workspacesAreApart() async throws {
        let installation = try await Installation()
        let one = try await installation.workspace()
        let other = try await installation.workspace()
        #expect(try await !installation.send(one, idempotency: first).isReplay)
        #expect(try await !installation.send(other, idempotency: first).isReplay)
    }

    @Test("of 20 equal requests at the same time one sends, and the others answer the same or that it is under way")
    func parallelRequests() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let outcomes = await withTaskGroup(of: Result<Dispatch, any Error>.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do { return .success(try await installation.send(workspace, idempotency: first)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(installation.mail.codes.count == 1)
        let dispatches = outcomes.compactMap { try? $0.get() }
        #expect(Set(dispatches.map(\.identifier)).count == 1)
        for case .failure(let error) in outcomes {
            #expect(error as? PasscodeError == .idempotencyInProgress())
        }
    }

    @Test("a send of which nothing went out frees its key")
    func failureFreesTheKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)))
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, idempotency: first)
        }
        installation.mail.answer(.accepted(provider: "smtp"))
        #expect(try await !installation.send(workspace, idempotency: first).isReplay)
    }

    @Test("a send that may have arrived keeps its key: for a day the same request fails alike, and sends nothing")
    func unclearKeepsTheKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .timedOut, providerStatus: 0, mayHaveArrived: true)))
        let failure = await #expect(throws: PasscodeError.self) {
            try await installation.send(workspace, idempotency: first)
        }
        let delivery = try #require(failure?.failedDelivery)
        #expect(delivery.mayHaveArrived && !delivery.isReplay)

        installation.mail.answer(.accepted(provider: "smtp"))
        for _ in 0..<2 {
            installation.time.advance(seconds: 600)
            let again = await #expect(throws: PasscodeError.self) {
                try await installation.send(workspace, idempotency: first)
            }
            #expect(again == failure && again?.message == failure?.message)
            #expect(again?.failedDelivery?.passcode == delivery.passcode && again?.failedDelivery?.isReplay == true)
        }
        #expect(installation.mail.messages.count == 1)
        #expect(try await !installation.send(workspace, idempotency: Idempotency(key: [2], body: [1])).isReplay)
    }

    @Test("a resend that may have arrived names the code that it was for")
    func unclearResend() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        let sent = try await installation.send(workspace)
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .timedOut, providerStatus: 0, mayHaveArrived: true)))
        for _ in 0..<2 {
            let failure = await #expect(throws: PasscodeError.self) {
                try await installation.send(workspace, idempotency: first)
            }
            #expect(failure?.failedDelivery?.passcode == sent.identifier)
        }
        #expect(installation.mail.messages.count == 2)
    }

    @Test("a request that nobody ended within its time counts as one that may have sent")
    func forgottenRequest() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.hold()
        let sending = Task { try? await installation.send(workspace, idempotency: first) }
        while installation.mail.held == 0 { await Task.yield() }
        await #expect(throws: PasscodeError.idempotencyInProgress()) {
            try await installation.send(workspace, idempotency: first)
        }
        installation.time.advance(seconds: 61)
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, idempotency: first)
        }
        #expect(installation.mail.messages.count == 1)
        installation.mail.letGo()
        let sent = try #require(await sending.value)
        #expect(try await installation.send(workspace, idempotency: first).identifier == sent.identifier)
    }

    @Test("a refused send keeps nothing of its key")
    func refusalKeepsNothing() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        await #expect(throws: PasscodeError.workspace(.cooldown(retryAfter: 1))) {
            try await installation.send(workspace, idempotency: first)
        }
        installation.time.advance(seconds: 60)
        #expect(try await !installation.send(workspace, idempotency: first).isReplay)
    }

    @Test("a key is forgotten after a day")
    func forgotten() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace, idempotency: first)
        installation.time.advance(seconds: 86_401)
        #expect(try await !installation.send(workspace, idempotency: first).isReplay)
    }
}
