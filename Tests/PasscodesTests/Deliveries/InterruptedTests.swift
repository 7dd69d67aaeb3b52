import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Sends that a dead host left behind")
struct InterruptedTests {
    @Test("a send that was under way is failed at the next start: told and written down once, and sent no second time")
    func interrupted() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let done = try await installation.send(workspace, to: "a@example.com")
        installation.mail.hold()
        let once = Idempotency(key: [1], body: [1])
        let sending = Task { try await installation.send(workspace, idempotency: once) }
        while installation.mail.held == 0 { await Task.yield() }
        let id = try #require(installation.mail.messages.last?.challenge)

        // What a new process finds in the database, and does before it takes a request.
        #expect(try await installation.challenges.endInterrupted() == 1)
        #expect(try await installation.challenges.endInterrupted() == 0)
        let record = try await installation.challenges.status(of: id, for: installation.caller(workspace))
        #expect(record.status == .failed && record.deliveries.map(\.reason) == ["interrupted"])
        #expect(try await installation.status(of: done, workspace).status == .sent)
        #expect(installation.changes.kinds == [.sent, .failed])
        #expect(installation.changes.all.last?.reason == "interrupted")
        #expect(
            try await installation.auditTrail(workspace).last == "challenge.dispatched failed inbox: interrupted")
        let again = await #expect(throws: PasscodeError.self) {
            try await installation.send(workspace, idempotency: once)
        }
        #expect(again?.failedDelivery == FailedDelivery(passcode: id, mayHaveArrived: true, isReplay: true))
        #expect(installation.mail.messages.count == 2)
        installation.mail.letGo()
        _ = try? await sending.value
    }

    @Test("an answer that comes after the send was failed changes nothing", arguments: [true, false])
    func late(isAccepted: Bool) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let once = Idempotency(key: [1], body: [1])
        if !isAccepted {
            installation.mail.answer(
                .failed(.init(provider: "inbox", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)))
        }
        installation.mail.hold()
        let sending = Task { try await installation.send(workspace, idempotency: once) }
        while installation.mail.held == 0 { await Task.yield() }
        let id = try #require(installation.mail.messages.last?.challenge)
        #expect(try await installation.challenges.endInterrupted() == 1)
        let trail = try await installation.auditTrail(workspace)

        installation.mail.letGo()
        await #expect(throws: PasscodeError.notDelivered) { try await sending.value }
        #expect(try await installation.auditTrail(workspace) == trail)
        #expect(installation.changes.kinds == [.failed])
        let record = try await installation.challenges.status(of: id, for: installation.caller(workspace))
        #expect(record.status == .failed && record.deliveries.map(\.reason) == ["interrupted"])
        #expect(try await installation.directory.usedQuota(workspace.id) == 1)
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, idempotency: once)
        }
        #expect(installation.mail.messages.count == 1)
    }

    @Test("all of them are found, however many there are")
    func many() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        let sending = (0..<300).map { number in
            Task { try? await installation.send(workspace, to: "a\(number)@example.com") }
        }
        while installation.mail.held < 300 { await Task.yield() }
        #expect(try await installation.challenges.endInterrupted() == 300)
        installation.mail.letGo()
        for task in sending { _ = await task.value }
    }
}
