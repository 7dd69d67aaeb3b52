import EnclaveLink
import Fixtures
import FraudGuard
import Testing
import Workspaces

@testable import Passcodes

@Suite("What the fraud guard counts")
struct GuardAdmissionTests {
    private static func number(_ position: Int) -> String { "+491511234\(1000 + position)" }

    private static func guarded(
        _ change: @escaping @Sendable (inout WorkspaceSettings) -> Void = { _ in }
    ) async throws -> (Installation, Workspace) {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.guardMode = .enforce
            change(&$0)
        }
        return (installation, workspace)
    }

    /// Sends to numbers of one range at the same time. Returns how many went out.
    private static func sendAtOnce(
        _ installation: Installation, _ workspace: Workspace, _ positions: [Int]
    ) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            for position in positions {
                group.addTask { (try? await installation.send(workspace, to: number(position))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    private static func stops(_ installation: Installation, _ workspace: Workspace) -> [RangeStop] {
        installation.challenges.watch.stops(workspace: workspace.id)
    }

    private static func failing(mayHaveArrived: Bool) -> DeliveryOutcome {
        .failed(.init(provider: "inbox", reason: .timedOut, providerStatus: 0, mayHaveArrived: mayHaveArrived))
    }

    @Test("twenty sends to one number at the same time are one message, and no flood")
    func duplicates() async throws {
        let (installation, workspace) = try await Self.guarded()
        #expect(await Self.sendAtOnce(installation, workspace, Array(repeating: 1, count: 20)) == 1)
        #expect(Self.stops(installation, workspace).isEmpty)
        // One of five is used up, not more.
        #expect(await Self.sendAtOnce(installation, workspace, Array(2..<20)) == 4)
    }

    @Test("a retry with the same Idempotency-Key counts nothing, however often it comes")
    func replays() async throws {
        let (installation, workspace) = try await Self.guarded()
        for _ in 0..<20 {
            try await installation.send(workspace, to: Self.number(1), idempotency: Idempotency(key: [1], body: [2]))
        }
        #expect(Self.stops(installation, workspace).isEmpty)
        #expect(await Self.sendAtOnce(installation, workspace, Array(2..<20)) == 4)
    }

    @Test("what a limit refuses counts at no time, also where many ask at once")
    func limited() async throws {
        let (installation, workspace) = try await Self.guarded { $0.prefixLimit = 4 }
        #expect(await Self.sendAtOnce(installation, workspace, Array(1..<60)) == 4)
        #expect(Self.stops(installation, workspace).isEmpty)
        let counters = installation.challenges.watch.counters
        #expect(counters.rulings.map(\.1) == [4, 0, 0, 0, 0])
    }

    @Test("what could not be committed counts nothing")
    func lostCommit() async throws {
        let (installation, workspace) = try await Self.guarded { $0.cooldownSeconds = 0 }
        let database = StagedDatabase(installation.database)
        let challenges = installation.challenges(over: database)
        let caller = installation.caller(workspace)
        func send(_ position: Int) async throws {
            let name = try #require(ApplicationName("Test"))
            _ = try await challenges.send(
                SendRequest(
                    identifier: "oe_\(position)", contact: try Contact(Self.number(position)), channel: nil,
                    application: name, idempotency: nil), for: caller)
        }
        database.failCommits(true)
        for position in 0..<20 {
            await #expect(throws: PasscodeError.unavailable("")) { try await send(position) }
        }
        database.failCommits(false)
        for position in 0..<5 { try await send(position) }
        await #expect(throws: PasscodeError.sendingPaused(retryAfter: 1)) { try await send(5) }
    }

    @Test("a probe that a limit refuses, or that no provider takes, does not use the range's next one up")
    func probe() async throws {
        let (installation, workspace) = try await Self.guarded { $0.recipientLimit = 1 }
        #expect(await Self.sendAtOnce(installation, workspace, [0]) == 1)
        #expect(await Self.sendAtOnce(installation, workspace, Array(1..<20)) == 4)
        installation.time.advance(seconds: 900)
        await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) {
            try await installation.send(workspace, to: Self.number(0))
        }
        installation.mail.answer(Self.failing(mayHaveArrived: false))
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.send(workspace, to: Self.number(100))
        }
        #expect(Self.stops(installation, workspace).map(\.probes) == [0])
        installation.mail.answer(.accepted(provider: "inbox"))
        #expect(await Self.sendAtOnce(installation, workspace, Array(200..<220)) == 1)
        #expect(Self.stops(installation, workspace).map(\.probes) == [1])
    }

    @Test("a message that may have arrived counts, for the guard as for the budget of the day")
    func unclear() async throws {
        let (installation, workspace) = try await Self.guarded { $0.dailyBudget = 7 }
        installation.mail.answer(Self.failing(mayHaveArrived: true))
        for position in 0..<5 {
            await #expect(throws: PasscodeError.notDelivered) {
                try await installation.send(workspace, to: Self.number(position))
            }
        }
        await #expect(throws: PasscodeError.sendingPaused(retryAfter: 1)) {
            try await installation.send(workspace, to: Self.number(5))
        }
        installation.mail.answer(.accepted(provider: "inbox"))
        for name in ["a", "b"] { try await installation.send(workspace, to: "\(name)@example.com") }
        await #expect(throws: PasscodeError.workspace(.budgetExceeded(retryAfter: 1))) {
            try await installation.send(workspace, to: "c@example.com")
        }
    }

    @Test(
        "a visitor's send that the guard refuses, or would, is told once among the refused", arguments: [true, false])
    func refusedVisitor(isEnforced: Bool) async throws {
        let (installation, workspace) = try await Self.guarded { $0.guardMode = isEnforced ? .enforce : .shadow }
        _ = await Self.sendAtOnce(installation, workspace, Array(0..<5))
        #expect(Self.stops(installation, workspace).isEmpty)
        for position in 5..<8 {
            try await installation.sendSealed(workspace, to: Self.number(position), asker: .visitor)
        }
        _ = await installation.challenges.drain(within: .seconds(10))
        #expect(installation.mail.codes.count == (isEnforced ? 5 : 8))
        #expect(Self.stops(installation, workspace).map(\.refused) == [3])
    }

    @Test("one person who asks for a code again and again is no flood, and one whose number is known is not refused")
    func resends() async throws {
        let (installation, workspace) = try await Self.guarded {
            $0.cooldownSeconds = 0
            $0.recipientLimit = 100
        }
        for _ in 0..<20 { try await installation.send(workspace, to: Self.number(1)) }
        #expect(Self.stops(installation, workspace).isEmpty)
        let code = try #require(installation.mail.codes.last)
        #expect(try await installation.verify(Self.number(1), code: code, workspace) == .verified)
        _ = await Self.sendAtOnce(installation, workspace, Array(2..<60))
        #expect(!Self.stops(installation, workspace).isEmpty)
        let refused = Self.stops(installation, workspace).map(\.refused)
        for _ in 0..<5 { try await installation.send(workspace, to: Self.number(1)) }
        #expect(Self.stops(installation, workspace).map(\.refused) == refused)
    }

    @Test("a probe that brings a live code again is credited when it is verified")
    func resentProbe() async throws {
        let (installation, workspace) = try await Self.guarded { $0.guardPrefixBudget = 20 }
        _ = await Self.sendAtOnce(installation, workspace, Array(0..<60))
        #expect(Self.stops(installation, workspace).map(\.probes) == [0])
        installation.time.advance(seconds: 180)
        let contact = try #require(installation.mail.messages.first).contact.value
        try await installation.send(workspace, to: contact)
        #expect(Self.stops(installation, workspace).map(\.probes) == [1])
        let code = try #require(installation.mail.codes.last)
        #expect(try await installation.verify(contact, code: code, workspace) == .verified)
        #expect(Self.stops(installation, workspace).map(\.verifiedProbes) == [1])
    }

    @Test("a visitor's send that comes to nothing counts nothing")
    func visitors() async throws {
        let (installation, workspace) = try await Self.guarded { $0.prefixLimit = 3 }
        for position in 0..<20 {
            try await installation.sendSealed(workspace, to: Self.number(position), asker: .visitor)
        }
        _ = await installation.challenges.drain(within: .seconds(10))
        #expect(installation.mail.codes.count == 3)
        #expect(Self.stops(installation, workspace).isEmpty)
    }

    @Test("the network that a back end names is watched by itself")
    func network() async throws {
        let (installation, workspace) = try await Self.guarded {
            $0.guardPrefixBudget = 0
            $0.guardCountryBudget = 0
            $0.guardApplicationBudget = 0
        }
        func send(_ position: Int, from network: String?) async throws {
            try await installation.send(workspace, to: Self.number(position)) { $0.askerNetwork = network }
        }
        for position in 0..<10 { try await send(position, from: "192.0.2.0/24") }
        await #expect(throws: PasscodeError.sendingPaused(retryAfter: 1)) { try await send(10, from: "192.0.2.0/24") }
        try await send(10, from: "198.51.100.0/24")
        for position in 11..<40 { try await send(position, from: nil) }
        #expect(Self.stops(installation, workspace).map(\.range) == [TrafficRange(.network, "192.0.2.0/24")])
    }

    @Test(
        "of operators and of what ends stops by itself one ends a stop, and tells of it once",
        arguments: [false, true])
    func liftedAtOnce(isOver: Bool) async throws {
        for _ in 0..<10 {
            let (installation, workspace) = try await Self.guarded()
            _ = await Self.sendAtOnce(installation, workspace, Array(0..<20))
            if isOver { installation.time.advance(seconds: 7_200) }
            let (range, challenges) = (TrafficRange(.prefix, "+491511234"), installation.challenges)
            let lifted = await withTaskGroup(of: Bool.self) { group in
                for turn in 0..<8 {
                    group.addTask {
                        guard turn % 2 == 0 else { return (try? await challenges.writeDown()) == nil }
                        let end: Void? = try? await challenges.guardJournal.lift(
                            range, workspace: workspace.id, origin: .system)
                        return end != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let told = installation.guardChanges.all.map(\.kind)
            #expect(lifted <= 1 && (isOver || lifted == 1))
            #expect(told == [.stopped, lifted == 1 ? .lifted : .cooled])
            let left = try await installation.database.read { try $0.rows("SELECT 1 FROM guard_stop", []).count }
            #expect(left == 0 && Self.stops(installation, workspace).isEmpty)
        }
    }
}
