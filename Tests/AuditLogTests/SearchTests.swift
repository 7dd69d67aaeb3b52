import Storage
import Testing

@testable import AuditLog

@Suite("Looking entries up")
struct SearchTests {
    private static func log() async throws -> TestLog {
        let log = try TestLog()
        for number in 0..<12 {
            try await log.append(
                TestLog.entry(
                    record: "ch_\(number % 3)", agent: number.isMultiple(of: 2) ? "agt_1" : "",
                    time: TestLog.time + Int64(number), subject: number < 6 ? TestLog.anna : TestLog.bert))
        }
        try await log.append(TestLog.entry("ws_2", record: "ch_0", subject: TestLog.anna))
        return log
    }

    private static func found(_ filter: AuditFilter, _ log: TestLog, limit: Int = 100) async throws -> [Int64] {
        try await log.reader.entries(filter, workspace: "ws_1", limit: limit).map(\.entry.sequence)
    }

    @Test("by record, agent, person, action and time, alone and together, the newest first")
    func filters() async throws {
        let log = try await Self.log()
        let anna = AuditPerson(contactDigest: TestLog.anna.digest)
        #expect(try await Self.found(AuditFilter(record: "ch_0"), log) == [10, 7, 4, 1])
        #expect(try await Self.found(AuditFilter(agent: "agt_1"), log) == [11, 9, 7, 5, 3, 1])
        #expect(try await Self.found(AuditFilter(person: anna), log) == [6, 5, 4, 3, 2, 1])
        #expect(try await Self.found(AuditFilter(agent: "agt_1", record: "ch_0", person: anna), log) == [1])
        #expect(try await Self.found(AuditFilter(action: .keyRevoked), log) == [])
        var filter = AuditFilter(record: "ch_1")
        (filter.from, filter.to) = (TestLog.time + 4, TestLog.time + 7)
        #expect(try await Self.found(filter, log) == [8, 5])
        let nobody = AuditPerson(contactDigest: [9])
        #expect(try await Self.found(AuditFilter(person: nobody), log) == [])
    }

    @Test("page after page, each entry once, also while others append")
    func pages() async throws {
        let log = try await Self.log()
        var filter = AuditFilter()
        var seen: [Int64] = []
        while true {
            let page = try await Self.found(filter, log, limit: 5)
            guard let last = page.last else { break }
            seen += page
            filter.before = last
            try await log.append(TestLog.entry())
        }
        #expect(seen == Array((1...12).reversed()))
    }

    @Test("by record, person and time in a log of many bundles as in a short one, from any page on")
    func bundles() async throws {
        let log = try TestLog()
        try await log.database.write { transaction in
            for number in 0..<1_100 {
                try log.trail.append(
                    TestLog.entry(
                        record: number.isMultiple(of: 100) ? "rare" : "ch_\(number)",
                        time: TestLog.time + Int64(number),
                        subject: (300..<302).contains(number) ? TestLog.anna : TestLog.bert), in: transaction)
            }
        }
        let whole = try await log.all().map(\.entry)
        let anna = AuditPerson(contactDigest: TestLog.anna.digest)
        var early = AuditFilter()
        (early.from, early.to) = (TestLog.time + 250, TestLog.time + 260)
        for _ in 1...2 {
            #expect(try await Self.found(AuditFilter(record: "rare"), log) == (0..<11).reversed().map { $0 * 100 + 1 })
            #expect(try await Self.found(AuditFilter(record: "rare", person: anna), log) == [301])
            #expect(try await Self.found(AuditFilter(person: anna), log) == [302, 301])
            #expect(try await Self.found(early, log) == (251...261).reversed())
            for before in [Int64(1), 2, 256, 257, 258, 300, 513, 1_101] {
                var filter = AuditFilter(record: "rare")
                filter.before = before
                let expected = whole.filter { $0.record == "rare" && $0.sequence < before }.map(\.sequence)
                #expect(try await Self.found(filter, log) == expected.reversed())
            }
            let page = try await log.reader.entries(AuditFilter(record: "rare"), workspace: "ws_1", offset: 3, limit: 4)
            #expect(page.map(\.entry.sequence) == [701, 601, 501, 401])
            #expect(try await log.reader.count(AuditFilter(record: "rare"), workspace: "ws_1") == 11)
            // Once the log was signed, summaries of its full bundles lead the way.
            let sequencer = LogSequencer(
                database: log.database, trail: log.trail, signer: TestSigner(), now: { TestLog.time })
            await sequencer.look()
        }
        #expect(try await log.count("SELECT COUNT(*) FROM audit_bundle") == 4)
    }

    @Test("a person whose key was forgotten in between is found under all their keys")
    func severalKeys() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna))
        let later = AuditTrail { Array(repeating: 7, count: 32) }
        try await log.database.write { try later.append(TestLog.entry(subject: TestLog.anna), in: $0) }
        #expect(try await log.count("SELECT COUNT(*) FROM audit_person") == 2)
        let anna = AuditPerson(contactDigest: TestLog.anna.digest)
        #expect(try await Self.found(AuditFilter(person: anna), log) == [2, 1])
        let erasure = AuditErasure(database: log.database, trail: log.trail, now: { TestLog.time })
        #expect(try await erasure.erase([anna], workspace: "ws_1", origin: .system))
        #expect(try await log.all().map(\.personal).dropLast() == [.erased, .erased])
    }

    @Test("counts are those of the entries found")
    func counts() async throws {
        let log = try await Self.log()
        #expect(try await log.reader.count(AuditFilter(record: "ch_0"), workspace: "ws_1") == 4)
        let counts = try await log.reader.counts(AuditFilter(), workspace: "ws_1")
        #expect(counts.map(\.action) == ["challenge.created"] && counts.map(\.count) == [12])
    }

    @Test(
        "uses an index for what it looks for, and never sorts",
        arguments: zip(
            [AuditSearch.Way.agent, .ranges], ["audit_entry_agent", "PRIMARY KEY"]))
    func indexes(way: AuditSearch.Way, name: String) async throws {
        let plan = try TestLog().plan(of: way.entries)
        #expect(!plan.contains { $0.contains("SCAN") || $0.contains("B-TREE") })
        #expect(plan[0].hasPrefix("SEARCH audit_entry USING") && plan[0].contains(name))
    }
}
