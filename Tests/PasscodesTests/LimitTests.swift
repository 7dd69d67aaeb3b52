import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Limits of sending")
struct LimitTests {
    /// Valid numbers of one country whose prefixes (all but four digits) differ.
    private static func number(_ position: Int) -> String { "+49151\(10_000_000 + position * 10_000)" }

    private static func expectRefusal(
        _ error: WorkspaceError, _ send: () async throws -> Dispatch
    ) async {
        await #expect(throws: PasscodeError.workspace(error)) { try await send() }
    }

    @Test("the monthly quota refuses every send until the month ends, and says when that is")
    func monthlyQuota() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 2 }
        for position in 0..<2 { try await installation.send(workspace, to: Self.number(position)) }
        do {
            try await installation.send(workspace, to: Self.number(2))
            Issue.record("the third send passed")
        } catch let error as PasscodeError {
            #expect(error.code == .workspace(.quotaExceeded(retryAfter: 0)))
            // 2026-11-21 08:00 UTC to 2026-12-01 00:00 UTC.
            #expect(error.retryAfter == 9 * 86_400 + 16 * 3600)
        }
        installation.time.advance(seconds: 9 * 86_400 + 16 * 3600)
        try await installation.send(workspace, to: Self.number(2))
    }

    @Test("exactly the quota passes, however many send at the same time")
    func quotaRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 10 }
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for position in 0..<40 {
                group.addTask { (try? await installation.send(workspace, to: Self.number(position))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 10)
        #expect(try await installation.directory.usedQuota(workspace.id) == 10)
    }

    @Test("a recipient, a prefix, a country, a network and the workspace's day each have a limit of their own")
    func eachLimit() async throws {
        let installation = try await Installation()
        let limits: [(WritableKeyPath<WorkspaceSettings, Int> & Sendable, String, String, WorkspaceError)] = [
            (\.recipientLimit, Self.number(0), Self.number(0), .rateLimited(by: "", retryAfter: 1)),
            (\.prefixLimit, "+4915110000001", "+4915110000002", .rateLimited(by: "", retryAfter: 1)),
            (\.countryLimit, Self.number(0), Self.number(1), .rateLimited(by: "", retryAfter: 1)),
            (\.networkLimit, Self.number(0), "a@example.com", .rateLimited(by: "", retryAfter: 1)),
            (\.dailyBudget, Self.number(0), "a@example.com", .budgetExceeded(retryAfter: 1)),
        ]
        for (limit, one, other, expected) in limits {
            let workspace = try await installation.workspace {
                $0.cooldownSeconds = 0
                $0[keyPath: limit] = 1
            }
            try await installation.send(workspace, to: one, network: "192.0.2.0/24")
            await Self.expectRefusal(expected) {
                try await installation.send(workspace, to: other, network: "192.0.2.0/24")
            }
        }
    }

    @Test("where one limit refuses, no other is used up")
    func refusalUsesNothing() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.cooldownSeconds = 0
            $0.countryLimit = 1
            $0.dailyBudget = 2
        }
        try await installation.send(workspace, to: Self.number(0))
        for position in 1..<5 {
            await Self.expectRefusal(.rateLimited(by: "", retryAfter: 1)) {
                try await installation.send(workspace, to: Self.number(position))
            }
        }
        #expect(try await installation.directory.usedQuota(workspace.id) == 1)
        try await installation.send(workspace, to: "a@example.com")
    }

    @Test("an hour after it was used up a limit is whole again, and never gives twice itself around an edge")
    func limitRefills() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.cooldownSeconds = 0
            $0.recipientLimit = 4
        }
        for _ in 0..<4 { try await installation.send(workspace) }
        await Self.expectRefusal(.rateLimited(by: "", retryAfter: 1)) { try await installation.send(workspace) }
        installation.time.advance(seconds: 900)
        try await installation.send(workspace)
        await Self.expectRefusal(.rateLimited(by: "", retryAfter: 1)) { try await installation.send(workspace) }
        installation.time.advance(seconds: 3600)
        for _ in 0..<4 { try await installation.send(workspace) }
        await Self.expectRefusal(.rateLimited(by: "", retryAfter: 1)) { try await installation.send(workspace) }
    }

    @Test("a test key is limited by nothing but the cooldown")
    func testModeIsFree() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.monthlyQuota = 1
            $0.countryLimit = 1
            $0.dailyBudget = 1
        }
        for position in 0..<5 { try await installation.send(workspace, to: Self.number(position), mode: .test) }
        await Self.expectRefusal(.cooldown(retryAfter: 1)) {
            try await installation.send(workspace, to: Self.number(0), mode: .test)
        }
    }
}
