import Fixtures
import Testing

@testable import AuditLog

@Suite("How long entries are kept")
struct RetentionTests {
    private let kept: KeptLog

    init() throws { kept = try KeptLog() }

    @Test(
        "is what the rule says: not pruned on its last day, pruned the day after",
        arguments: [(RetentionRule.soc2, 366), (.hipaa, 2_192), (.gdpr(days: 1), 1), (.gdpr(days: 90), 90)])
    func rules(rule: RetentionRule, days: Int) async throws {
        try await kept.keep(rule)
        try await kept.append(300)
        kept.pass(days: days - 1)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...301)
        kept.pass(days: 1)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
    }

    @Test("is for ever where nobody set a rule")
    func forever() async throws {
        try await kept.append(300)
        kept.pass(days: 10_000)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...300)
    }

    @Test("has no end where a time is none of this world, and the server lives on", arguments: [Int64.max, .min])
    func impossibleTimes(time: Int64) async throws {
        try await kept.keep(.soc2)
        try await kept.append(300)
        for table in ["audit_entry SET time", "audit_retention SET set_at"] {
            try kept.log.damage("UPDATE \(table) = \(time)")
            _ = try? await kept.reader.retention(of: "ws_1")
            try? await kept.prune()
        }
        #expect(try await kept.numbers()?.lowerBound == 1)
    }

    @Test("is damaged, not unavailable, where its row has no rule")
    func noRule() async throws {
        try await kept.keep(.soc2)
        try await kept.append(1)
        try kept.log.damage("UPDATE audit_retention SET rule = 'garbage'")
        await #expect(throws: LogReadingError(.damaged)) { try await kept.reader.retention(of: "ws_1") }
    }

    @Test("is no shorter for a shorter rule: what was written under the longer one stays as long as that said")
    func shortened() async throws {
        try await kept.keep(.soc2)
        try await kept.append(300)
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 365)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 1)
        kept.pass(days: 1)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
    }

    @Test("is longer for a longer rule, also for what was there before it, and also after it was taken back")
    func lengthened() async throws {
        try await kept.keep(.gdpr(days: 10))
        try await kept.append(300)
        try await kept.keep(.soc2)
        try await kept.append(1)
        try await kept.keep(.gdpr(days: 10))
        kept.pass(days: 365)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 1)
        kept.pass(days: 1)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
    }

    @Test("is thirty days from the first rule on for what was older: nobody removes a log with one command")
    func firstRule() async throws {
        try await kept.append(300)
        kept.pass(days: 400)
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 29)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...301)
        kept.pass(days: 1)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
    }

    @Test("begins anew with the thirty days each time that a rule comes after none")
    func takenBack() async throws {
        try await kept.append(300)
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 29)
        try await kept.keep(.forever)
        kept.pass(days: 400)
        try await kept.prune()
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 29)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 1)
    }

    @Test("is without an end under legal hold, and thirty days after it")
    func held() async throws {
        try await kept.keep(.gdpr(days: 1))
        try await kept.append(300)
        try await kept.keep(.gdpr(days: 1), held: true)
        kept.pass(days: 1_000)
        try await kept.prune()
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 29)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 1)
        kept.pass(days: 1)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
    }

    @Test("is what the rule under a hold said too, if hold and rule end together")
    func ruleUnderHold() async throws {
        try await kept.keep(.soc2, held: true)
        try await kept.append(300)
        try await kept.keep(.gdpr(days: 1))
        kept.pass(days: 365)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 1)
    }

    @Test("is that of the youngest entry of a bundle, wherever the clock stood when the others were written")
    func clockWentBack() async throws {
        try await kept.keep(.gdpr(days: 90))
        try await kept.append(10)
        kept.time.advance(seconds: -1_000 * 86_400)
        try await kept.append(290)
        kept.time.advance(seconds: 1_000 * 86_400)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...301)
    }

    @Test("of one workspace is nothing to another")
    func workspaces() async throws {
        try await kept.keep(.gdpr(days: 1), in: "ws_1")
        try await kept.keep(.soc2, in: "ws_2")
        try await kept.keep(.gdpr(days: 1), held: true, in: "ws_3")
        for number in 1...4 { try await kept.append(300, to: "ws_\(number)") }
        kept.pass(days: 100)
        try await kept.prune()
        #expect(try await kept.numbers("ws_1")?.lowerBound == 257)
        for number in 2...4 { #expect(try await kept.numbers("ws_\(number)")?.lowerBound == 1) }
    }

    @Test("is an entry with each change, which names the old rule and the new one")
    func entries() async throws {
        try await kept.keep(.soc2)
        try await kept.keep(.soc2)
        try await kept.keep(.gdpr(days: 90), held: true)
        try await kept.keep(.gdpr(days: 90))
        let told = try await kept.log.all().map { "\($0.entry.action) \($0.entry.detail)" }
        #expect(
            told == [
                "log.retention_changed forever to soc2", "log.retention_changed soc2 to gdpr=90", "log.held ",
                "log.released ",
            ])
    }

    @Test("keeps everybody's data while a hold is on: nobody is erased")
    func erasure() async throws {
        try await kept.append(1, about: TestLog.anna)
        try await kept.keep(.forever, held: true)
        let erasure = AuditErasure(database: kept.log.database, trail: kept.log.trail, now: { TestLog.time })
        let anna = AuditPerson(contactDigest: TestLog.anna.digest)
        await #expect(throws: RetentionError(.held)) {
            try await erasure.erase([anna], workspace: "ws_1", origin: .system)
        }
        #expect(try await kept.log.all().first?.personal.part?.contact == "anna@example.com")
        try await kept.keep(.forever)
        #expect(try await erasure.erase([anna], workspace: "ws_1", origin: .system))
    }

    @Test("shows with what is left of the log, and when the next entries go")
    func state() async throws {
        try await kept.keep(.soc2)
        #expect(try await kept.reader.retention(of: "ws_1").nextPruning == nil)
        try await kept.append(300)
        let state = try await kept.reader.retention(of: "ws_1")
        #expect(state.terms == RetentionTerms(rule: .soc2) && state.minimum == 0)
        #expect(state.nextPruning == TestLog.time + 366 * 86_400_000)
        try await kept.keep(.soc2, held: true)
        #expect(try await kept.reader.retention(of: "ws_1").nextPruning == nil)
        #expect(try await kept.reader.retention(of: "ws_2").terms == RetentionTerms())
    }
}
