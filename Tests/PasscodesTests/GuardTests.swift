import EnclaveLink
import Fixtures
import FraudGuard
import Testing
import Workspaces

@testable import Passcodes

@Suite("Fraud guard")
struct GuardTests {
    /// Numbers of one prefix.
    private static func number(_ position: Int, prefix: Int = 1234) -> String { "+49151\(prefix)\(1000 + position)" }
    private static let range = TrafficRange(.prefix, "+491511234")

    private static func guarded(
        _ change: @escaping @Sendable (inout WorkspaceSettings) -> Void = { _ in }
    ) async throws -> (Installation, Workspace) {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.cooldownSeconds = 0
            $0.guardMode = .enforce
            change(&$0)
        }
        return (installation, workspace)
    }

    /// Sends codes that nobody verifies. Returns how many went out.
    private static func flood(
        _ installation: Installation, _ workspace: Workspace, _ numbers: Range<Int> = 100..<120, prefix: Int = 1234
    ) async -> Int {
        var sent = 0
        for position in numbers {
            do {
                try await installation.send(workspace, to: number(position, prefix: prefix))
                sent += 1
            } catch let error as PasscodeError {
                #expect(error.code == .sendingPaused && error.retryAfter > 0)
            } catch {
                Issue.record("\(error)")
            }
        }
        return sent
    }

    @Test("a flood to one range is stopped there, before any limit is used up, and other ranges go on")
    func stop() async throws {
        let (installation, workspace) = try await Self.guarded { $0.monthlyQuota = 7 }
        #expect(await Self.flood(installation, workspace) == 5)
        #expect(try await installation.directory.usedQuota(workspace.id) == 5)
        #expect(installation.mail.codes.count == 5)
        try await installation.send(workspace, to: Self.number(1, prefix: 9999))
    }

    @Test("a guard that only watches stops nothing, and reports what it would")
    func shadow() async throws {
        let (installation, workspace) = try await Self.guarded { $0.guardMode = .shadow }
        #expect(await Self.flood(installation, workspace) == 20)
        try await installation.challenges.writeDown()
        let told = installation.guardChanges.all
        #expect(told.map(\.kind) == [.stopped] && told.first?.isEnforced == false)
        #expect(
            try await installation.auditTrail(workspace).contains("guard.stopped done prefix +491511234 6 of 5 shadow"))
    }

    @Test("a guard that is off remembers nothing")
    func off() async throws {
        let (installation, workspace) = try await Self.guarded { $0.guardMode = .off }
        #expect(await Self.flood(installation, workspace) == 20)
        #expect(installation.challenges.watch.stops(workspace: workspace.id).isEmpty)
    }

    @Test("whoever floods a range does not lock out the owner of a number that was verified lately")
    func owner() async throws {
        let (installation, workspace) = try await Self.guarded()
        try await installation.send(workspace, to: Self.number(1))
        let code = try #require(installation.mail.codes.last)
        #expect(try await installation.verify(Self.number(1), code: code, workspace) == .verified)
        _ = await Self.flood(installation, workspace, 100..<160)
        #expect(!installation.challenges.watch.stops(workspace: workspace.id).isEmpty)
        try await installation.send(workspace, to: Self.number(1))
        await #expect(throws: PasscodeError.sendingPaused(retryAfter: 1)) {
            try await installation.send(workspace, to: Self.number(2))
        }
    }

    @Test("a stop is told once, to the audit log and to webhooks, however many sends it refuses")
    func once() async throws {
        let (installation, workspace) = try await Self.guarded()
        _ = await Self.flood(installation, workspace, 100..<150)
        for _ in 0..<3 { try await installation.challenges.writeDown() }
        #expect(installation.guardChanges.all.map(\.range) == [Self.range])
        let entries = try await installation.auditTrail(workspace).filter { $0.hasPrefix("guard.") }
        #expect(entries == ["guard.stopped done prefix +491511234 6 of 5"])
        installation.time.advance(seconds: 7_200)
        for _ in 0..<3 { try await installation.challenges.writeDown() }
        #expect(installation.guardChanges.all.map(\.kind) == [.stopped, .cooled])
        #expect(await Self.flood(installation, workspace, 200..<201) == 1)
    }

    @Test("however many ask at the same time, a range gets no more than its budget")
    func race() async throws {
        let (installation, workspace) = try await Self.guarded()
        let sent = await withTaskGroup(of: Bool.self) { group in
            for position in 100..<200 {
                group.addTask { (try? await installation.send(workspace, to: Self.number(position))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(sent == 5)
    }

    @Test("an operator lifts a stop once, and nobody lifts another workspace's")
    func lift() async throws {
        let (installation, workspace) = try await Self.guarded()
        let other = try await installation.workspace()
        _ = await Self.flood(installation, workspace)
        let journal = installation.challenges.guardJournal
        await #expect(throws: PasscodeError.workspace(.notFound(""))) {
            try await journal.lift(Self.range, workspace: other.id, origin: .system)
        }
        try await journal.lift(Self.range, workspace: workspace.id, origin: .system)
        await #expect(throws: PasscodeError.workspace(.notFound(""))) {
            try await journal.lift(Self.range, workspace: workspace.id, origin: .system)
        }
        #expect(installation.guardChanges.all.map(\.kind) == [.stopped, .lifted])
        #expect(try await installation.auditTrail(workspace).contains("guard.lifted done prefix +491511234"))
        #expect(await Self.flood(installation, workspace, 300..<301) == 1)
    }

    @Test("nobody gains from a restart: stops and what was not verified are remembered")
    func restart() async throws {
        let (installation, workspace) = try await Self.guarded()
        _ = await Self.flood(installation, workspace)
        _ = await Self.flood(installation, workspace, 100..<104, prefix: 5678)
        try await installation.challenges.writeDown()
        let fresh = installation.challenges(over: installation.database)
        try await fresh.guardJournal.recall([workspace])
        #expect(fresh.watch.stops(workspace: workspace.id).map(\.range) == [Self.range])
        let caller = installation.caller(workspace)
        let name = try #require(ApplicationName("Test"))
        var refused: [Bool] = []
        for position in 0..<4 {
            let send = try #require(
                fresh.watched(try Contact(Self.number(500 + position, prefix: 5678)), name, asker: nil, caller))
            refused.append(fresh.watch.rule(on: send, now: installation.time.wall.now()).flatMap(send.wait) != nil)
        }
        #expect(refused == [false, true, true, true])
    }

    @Test("a stop of a guard that only watches is none that is enforced, also after a restart")
    func restartInShadow() async throws {
        let (installation, workspace) = try await Self.guarded { $0.guardMode = .shadow }
        _ = await Self.flood(installation, workspace)
        try await installation.challenges.writeDown()
        let fresh = installation.challenges(over: installation.database)
        try await fresh.guardJournal.recall([workspace])
        #expect(fresh.watch.stops(workspace: workspace.id).map(\.isEnforced) == [false])
        try await installation.challenges.guardJournal.lift(Self.range, workspace: workspace.id, origin: .system)
        #expect(installation.guardChanges.all.map(\.isEnforced) == [false, false])
    }

    @Test("a message that no provider took is not held against its range")
    func failedDelivery() async throws {
        let (installation, workspace) = try await Self.guarded()
        installation.mail.answer(
            .failed(.init(provider: "inbox", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)))
        for position in 0..<20 {
            await #expect(throws: PasscodeError.notDelivered) {
                try await installation.send(workspace, to: Self.number(position))
            }
        }
        #expect(installation.challenges.watch.stops(workspace: workspace.id).isEmpty)
    }

    @Test("a visitor is not told that a range is stopped: it is answered like any other, and nothing is sent")
    func visitor() async throws {
        let (installation, workspace) = try await Self.guarded()
        for position in 0..<15 {
            try await installation.sendSealed(workspace, to: Self.number(position), asker: .visitor)
        }
        _ = await installation.challenges.drain(within: .seconds(10))
        #expect(installation.mail.codes.count == 5)
        let entries = try await installation.auditTrail(workspace)
        #expect(entries.filter { $0 == "challenge.created refused live sms guard" }.count == 10)
    }

    @Test("a repeated request gets its answer also after its range was stopped")
    func idempotency() async throws {
        let (installation, workspace) = try await Self.guarded()
        let key = Idempotency(key: [1], body: [2])
        let first = try await installation.send(workspace, to: Self.number(1), idempotency: key)
        _ = await Self.flood(installation, workspace)
        let again = try await installation.send(workspace, to: Self.number(1), idempotency: key)
        #expect(again.isReplay && again.identifier == first.identifier)
    }

    @Test("countries and kinds of numbers that are not allowed are refused, the denied ones first")
    func lists() async throws {
        let settings: [@Sendable (inout WorkspaceSettings) -> Void] = [
            { $0.allowedCountries = ["FR"] }, { $0.deniedCountries = ["DE"] },
            {
                $0.allowedCountries = ["DE"]
                $0.deniedCountries = ["DE"]
            }, { $0.deniedNumberTypes = [.mobile] },
        ]
        for change in settings {
            let (installation, workspace) = try await Self.guarded(change)
            await #expect(throws: PasscodeError.phoneNumberRefused()) {
                try await installation.send(workspace, to: Self.number(1))
            }
            try await installation.send(workspace, to: "a@example.com")
        }
        let (installation, workspace) = try await Self.guarded { $0.allowedCountries = ["DE"] }
        try await installation.send(workspace, to: Self.number(1))
    }

    @Test("test keys and mail are nothing to the guard")
    func notWatched() async throws {
        let (installation, workspace) = try await Self.guarded()
        for position in 0..<20 {
            try await installation.send(workspace, to: Self.number(position), mode: .test)
            try await installation.send(workspace, to: "a\(position)@example.com")
        }
        #expect(installation.challenges.watch.stops(workspace: workspace.id).isEmpty)
    }
}
