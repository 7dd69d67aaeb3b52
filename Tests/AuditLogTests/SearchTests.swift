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
        #expect(plan.count == 1)
        #expect(plan[0].hasPrefix("SEARCH audit_entry USING") && plan[0].contains(name))
    }
}
