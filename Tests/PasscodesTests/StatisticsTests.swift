import EnclaveLink
import Fixtures
import Storage
import Synchronization
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
        let database = StagedDatabase(installation.database)
        let challenges = installation.challenges(over: database)
        let name = try #require(ApplicationName("Test"))
        _ = try await challenges.send(
            SendRequest(
                identifier: "oe_1", contact: try Contact(Installation.number), channel: nil, application: name,
                idempotency: nil), for: installation.caller(workspace))
        for fails in [true, true, false, false] {
            database.failCommits(fails)
            let written: Void? = try? await challenges.writeDown()
            #expect((written == nil) == fails)
        }
        #expect(try await Self.report(installation, workspace).total.sent == 1)
        #expect(try await Self.report(installation, workspace, .by(.prefix)).rows.map(\.figures.accepted) == [1])
    }

    @Test("no unit of work writes more than two hundred rows, and where one fails the others are written once")
    func steps() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.countryLimit = 0 }
        let database = StagedDatabase(installation.database)
        let challenges = installation.challenges(over: database)
        let challenge = try await Self.challenge(installation, workspace)
        for prefix in 0..<650 {
            var other = challenge
            other.traits?.ranges.prefix = "+49151\(100 + prefix)"
            challenges.note(.sent, of: other, by: nil)
        }
        let left = Mutex(2)
        database.beforeUnits {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { throw StorageError(.unavailable, reason: "busy") }
        }
        await #expect(throws: PasscodeError.unavailable("")) { try await challenges.statistics.write() }
        database.beforeUnits(nil)
        let before = database.units
        try await challenges.statistics.write()
        #expect(database.units - before == 3)
        installation.time.advance(seconds: 3 * 3_600)
        try await challenges.statistics.write()
        // Six hundred are folded, and a last step finds none.
        #expect(database.units - before == 7)
        let rows = try await Self.report(installation, workspace, .by(.prefix)).rows
        #expect(rows.count == 51 && rows.map(\.figures.sent).reduce(0, +) == 651)
    }

    /// A challenge that was sent, which is in the figures once.
    private static func challenge(_ installation: Installation, _ workspace: Workspace) async throws -> Challenge {
        let id = try await installation.send(workspace).identifier
        return try await installation.database.read { transaction in
            try #require(try Challenge.find(id, workspace: workspace.id, in: transaction))
        }
    }

    @Test("what is told of a prefix after its hour was folded makes no row of its own again")
    func late() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.countryLimit = 0 }
        let kept = try await Self.challenge(installation, workspace)
        var folded = kept
        folded.traits?.ranges.prefix = "+499999"
        for _ in 0..<60 { try await Self.sendOnce(installation, workspace) }
        installation.challenges.note(.sent, of: kept, by: nil)
        installation.challenges.note(.sent, of: folded, by: nil)
        installation.time.advance(seconds: 3 * 3_600)
        try await installation.challenges.writeDown()
        for challenge in [kept, folded] {
            installation.challenges.note(.delivered(wasFailed: false), of: challenge, by: nil)
        }
        let rows = try await Self.report(installation, workspace, .by(.prefix)).rows
        #expect(rows.count == 51)
        #expect(rows.first { $0.name == .value("+491511234") }?.figures.delivered == 1)
        #expect(rows.first { $0.name == .value(StatisticsDimension.other) }?.figures.delivered == 1)
    }

    /// Sends to a number of a prefix that no other send has.
    private static func sendOnce(_ installation: Installation, _ workspace: Workspace) async throws {
        let position = installation.mail.codes.count
        try await installation.send(workspace, to: "+49151\(20_000_000 + position * 10_000)")
    }

    @Test("figures do not depend on the guard, nor does who is known to it when it is switched on")
    func guardOff() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.guardMode = .off }
        let code = try await Self.codeSent(installation, workspace, to: Installation.number)
        #expect(try await installation.verify(code: code, workspace) == .verified)
        for dimension in [StatisticsDimension.country, .prefix, .application] {
            let rows = try await Self.report(installation, workspace, .by(dimension)).rows
            #expect(rows.map(\.figures.verified) == [1], "\(dimension)")
        }
        let guarded = try await installation.directory.update(workspace.id, origin: .system) {
            $0.settings.guardMode = .enforce
            $0.settings.cooldownSeconds = 0
        }
        for position in 0..<20 { _ = try? await installation.send(guarded, to: "+491511234\(1000 + position)") }
        #expect(!installation.challenges.watch.stops(workspace: workspace.id).isEmpty)
        try await installation.send(guarded)
    }

    @Test("a send that was interrupted is a failed one")
    func interrupted() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        let sending = Task { try? await installation.send(workspace) }
        while installation.mail.held == 0 { await Task.yield() }
        let fresh = installation.challenges(over: installation.database)
        #expect(try await fresh.endInterrupted() == 1)
        try await fresh.writeDown()
        let total = try await Self.report(installation, workspace).total
        #expect(total.sent == 1 && total.failed == 1)
        installation.mail.letGo()
        _ = await sending.value
    }

    @Test("what Prometheus is told never falls, and has no more values than an hour keeps apart")
    func totals() {
        var totals = PasscodeTotals()
        totals.add(.failed, .channel, "sms")
        totals.add(.delivered(wasFailed: true), .channel, "sms")
        totals.add(.verified(after: 12_500), .channel, "sms")
        let sms = totals.figures(.channel).first?.figures
        #expect(sms?.failed == 1 && sms?.delivered == 1 && totals.secondsToVerify(channel: "sms") == 12.5)
        for value in 0..<500 { totals.add(.sent, .country, "\(value)") }
        #expect(totals.figures(.country).count == 301)
        #expect(totals.figures(.country).map(\.figures.sent).reduce(0, +) == 500)
        totals.add(.sent, .prefix, "+491511234")
        #expect(totals.figures(.prefix).isEmpty)
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
        #expect(rows.map(\.figures.sent).reduce(0, +) == 5_000)
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
