import Storage
import Testing

@testable import AuditLog

@Suite("Reading page by page")
struct PagesTests {
    private static func log(_ count: Int = 30) async throws -> TestLog {
        let log = try TestLog()
        let trail = log.trail
        _ = try await log.database.write { transaction in
            for number in 0..<count {
                var entry = TestLog.entry(
                    record: "ch_\(number % 3)", time: TestLog.time + Int64(number),
                    subject: number.isMultiple(of: 2) ? TestLog.anna : TestLog.bert)
                if number % 5 == 0 { entry.outcome = .refused }
                if number % 7 == 0 { entry.origin.principal = .system }
                try trail.append(entry, in: transaction)
            }
        }
        return log
    }

    /// All numbers from page after page, while others append.
    private static func all(
        _ wish: AuditPages.Wish, _ log: TestLog, forwards: Bool
    ) async throws -> [Int64] {
        var (wish, seen, after) = (wish, [Int64](), Int64(0))
        let pages = AuditPages(log.reader)
        for _ in 0..<100 {
            let page =
                forwards
                ? try await pages.forwards(wish, after: after, workspace: "ws_1")
                : try await pages.backwards(wish, workspace: "ws_1")
            seen += page.entries.map(\.entry.sequence)
            guard let next = page.next, next != after else { return seen }
            if !forwards { try await log.append(TestLog.entry()) }
            after = next
            wish.filter.before = next
        }
        return seen
    }

    @Test("each entry comes once, in both directions, while others append")
    func once() async throws {
        for limit in [1, 7, 30, 1000] {
            let wish = AuditPages.Wish(filter: AuditFilter(), limit: limit)
            #expect(try await Self.all(wish, try await Self.log(), forwards: false) == Array((1...30).reversed()))
            var onwards = wish
            onwards.filter.before = nil
            #expect(try await Self.all(onwards, try await Self.log(), forwards: true) == Array(1...30))
        }
    }

    @Test("both directions find the same, whatever is asked for")
    func filters() async throws {
        let log = try await Self.log()
        let anna = AuditPerson(contactDigest: TestLog.anna.digest)
        var timed = AuditFilter(record: "ch_1")
        (timed.from, timed.to) = (TestLog.time + 3, TestLog.time + 20)
        for (filter, actor, outcome) in [
            (AuditFilter(person: anna), nil, nil), (AuditFilter(record: "ch_0"), "system", nil),
            (AuditFilter(), "key:key_1", AuditOutcome.refused), (timed, nil, nil),
            (AuditFilter(agent: "agt_9"), nil, nil),
            (AuditFilter(person: AuditPerson(contactDigest: [9])), nil, nil),
            (AuditFilter(action: .keyRevoked), nil, nil),
        ] as [(AuditFilter, String?, AuditOutcome?)] {
            let wish = AuditPages.Wish(filter: filter, actor: actor, outcome: outcome, limit: 4)
            let pages = AuditPages(log.reader)
            let found = try await pages.backwards(
                AuditPages.Wish(filter: filter, actor: actor, outcome: outcome, limit: 100), workspace: "ws_1")
            let numbers = found.entries.map(\.entry.sequence)
            #expect(try await Self.all(wish, log, forwards: true) == numbers.reversed())
        }
    }

    @Test("where few entries fit, a page is short and says where to read on")
    func reach() async throws {
        let log = try await Self.log(AuditPages.reach + 700)
        let wish = AuditPages.Wish(filter: AuditFilter(), actor: "nobody", limit: 10)
        let pages = AuditPages(log.reader)
        let page = try await pages.backwards(wish, workspace: "ws_1")
        #expect(page.entries.isEmpty && page.next == 701)
        let onwards = try await pages.forwards(wish, after: 0, workspace: "ws_1")
        #expect(onwards.entries.isEmpty && onwards.next == Int64(AuditPages.reach))
    }
}
