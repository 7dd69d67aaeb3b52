import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Passcodes

@Suite("Statistics of passcodes")
struct StatisticsTests {
    private static func report(
        _ installation: Installation, _ workspace: Workspace, _ grouping: StatisticsGrouping = .by(.channel),
        _ period: StatisticsPeriod = .day
    ) async throws -> StatisticsReport {
        try await installation.challenges.statistics.report(grouping, period, workspace: workspace.id)
    }

    private static func codeSent(
        _ installation: Installation, _ workspace: Workspace, to contact: String
    ) async throws -> String {
        try await installation.send(workspace, to: contact)
        return try #require(installation.mail.codes.last)
    }

    @Test("what was sent, taken and verified is told by channel, country, prefix, provider and application")
    func dimensions() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let code = try await Self.codeSent(installation, workspace, to: "+4915112345678")
        _ = try await Self.codeSent(installation, workspace, to: "a@example.com")
        installation.time.advance(seconds: 12)
        #expect(try await installation.verify("+4915112345678", code: code, workspace) == .verified)
        let expected: [(StatisticsDimension, String)] = [
            (.channel, "sms"), (.country, "DE"), (.prefix, "+491511234"), (.provider, "inbox"), (.application, "Test"),
        ]
        for (dimension, value) in expected {
            let rows = try await Self.report(installation, workspace, .by(dimension)).rows
            let figures = try #require(rows.first { $0.name == .value(value) }?.figures, "\(dimension)")
            #expect(figures.verified == 1 && figures.accepted == figures.sent, "\(dimension)")
            #expect(figures.sent == (dimension == .provider ? 2 : 1), "\(dimension)")
            #expect((10...15).contains(figures.timeToVerify(0.5) ?? 0))
        }
        let total = try await Self.report(installation, workspace).total
        #expect(total.sent == 2 && total.verified == 1 && total.conversion == 0.5)
    }

    @Test("a message that no provider took is a failed one")
    func failed() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.answer(
            .failed(.init(provider: "inbox", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)))
        _ = try? await installation.send(workspace)
        let total = try await Self.report(installation, workspace).total
        #expect(total.failed >= 1 && total.failed == total.sent && total.accepted == 0)
    }

    @Test("no workspace sees another's figures, and test keys make none")
    func tenants() async throws {
        let installation = try await Installation()
        let (one, other) = (try await installation.workspace(), try await installation.workspace())
        try await installation.send(one)
        try await installation.send(other, mode: .test)
        #expect(try await Self.report(installation, other).rows.isEmpty)
        #expect(try await Self.report(installation, one).total.sent == 1)
    }

    @Test("by the hour there is a row for each hour, also where nothing happened")
    func hours() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        installation.time.advance(seconds: 3 * 3_600)
        try await installation.send(workspace, to: "a@example.com")
        let report = try await Self.report(installation, workspace, .hour)
        #expect(report.rows.map(\.figures.sent).suffix(4) == [1, 0, 0, 1])
        #expect(report.rows.count == 24)
        #expect(try await Self.report(installation, workspace, .by(.channel), .hour).total.sent == 1)
        #expect(try await Self.report(installation, workspace, .hour, .quarter).rows.count <= 91)
    }

    @Test("what was gathered is written once, also where the store failed in between")
    func writtenOnce() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        for _ in 0..<3 { try await installation.challenges.writeDown() }
        #expect(try await Self.report(installation, workspace).total.sent == 1)
    }

    @Test("prefixes of an hour that is over are folded: the busiest stay, nothing is lost")
    func folding() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.countryLimit = 0 }
        for position in 0..<70 { try await installation.send(workspace, to: "+49151\(10_000_000 + position * 10_000)") }
        try await installation.send(workspace, to: "+4915110690001")
        installation.time.advance(seconds: 3 * 3_600)
        let rows = try await Self.report(installation, workspace, .by(.prefix)).rows
        #expect(rows.count == 51)
        #expect(rows.map(\.figures.sent).reduce(0, +) == 71)
        #expect(rows.first?.name == .value(StatisticsDimension.other))
        #expect(rows.contains { $0.name == .value("+491511069") && $0.figures.sent == 2 })
    }

    @Test("more values than an hour keeps apart share one row")
    func bounded() {
        var tally = StatisticsTally()
        for value in 0..<5_000 {
            tally.add(.sent, .init(workspace: "ws", hour: 1, dimension: .prefix, value: "\(value)"))
        }
        let rows = tally.take(hour: 1)
        #expect(rows.count == 1_001)
        #expect(rows.values.map(\.sent).reduce(0, +) == 5_000)
    }

    @Test("figures are forgotten after 90 days")
    func pruning() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        try await installation.challenges.writeDown()
        installation.time.advance(seconds: 91 * 86_400)
        try await installation.challenges.prune()
        let left = try await installation.database.read { transaction in
            try transaction.row("SELECT COUNT(*) FROM passcode_statistic", [])?.integer(0)
        }
        #expect(left == 0)
    }

    @Test("the median and the 95th of a hundred are where they belong")
    func shares() {
        var figures = PasscodeFigures()
        for _ in 0..<90 { figures.add(.verified(after: 9_000)) }
        for _ in 0..<10 { figures.add(.verified(after: 100_000)) }
        #expect((5...10).contains(figures.timeToVerify(0.5) ?? 0))
        #expect((90...120).contains(figures.timeToVerify(0.95) ?? 0))
        #expect(PasscodeFigures().timeToVerify(0.5) == nil)
    }
}
