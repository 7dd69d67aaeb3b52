import AuditLog
import Storage
import Testing

@Suite("Appending to the log")
struct AppendTests {
    @Test(
        "10,000 entries of 50 writers at the same time leave no gap and no two of one number, in the order of commits")
    func manyWriters() async throws {
        let log = try TestLog()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<50 {
                group.addTask {
                    for number in 0..<200 { try await log.append(TestLog.entry(record: "\(writer)/\(number)")) }
                }
            }
            try await group.waitForAll()
        }
        let entries = try await log.all().map(\.entry)
        #expect(entries.map(\.sequence) == Array(1...10_000))
        #expect(Set(entries.map(\.record)).count == 10_000)
        for writer in 0..<50 {
            let own = entries.filter { $0.record.hasPrefix("\(writer)/") }.map(\.record)
            #expect(own == (0..<200).map { "\(writer)/\($0)" })
        }
    }

    @Test("each workspace counts for itself")
    func workspaces() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry("ws_1"), TestLog.entry("ws_2"), TestLog.entry("ws_1"))
        #expect(try await log.all("ws_1").map(\.entry.sequence) == [1, 2])
        #expect(try await log.all("ws_2").map(\.entry.sequence) == [1])
    }

    @Test("a unit of work that is undone leaves no entry, and no key of the person that it was about")
    func undone() async throws {
        struct Undone: Error {}
        let log = try TestLog()
        await #expect(throws: Undone.self) {
            try await log.database.write { transaction in
                try log.trail.append(TestLog.entry(subject: TestLog.anna), in: transaction)
                throw Undone()
            }
        }
        #expect(try await log.count("SELECT COUNT(*) FROM audit_entry") == 0)
        #expect(try await log.count("SELECT COUNT(*) FROM audit_person") == 0)
        // Nor does anything remember the key: what comes next can be read.
        try await log.append(TestLog.entry(subject: TestLog.anna))
        #expect(try await log.all().first?.personal.part?.contact == "anna@example.com")
    }

    @Test("an entry that cannot be written takes the change along that it describes")
    func brokenAudit() async throws {
        let log = try TestLog()
        let keyless = AuditTrail { nil }
        await #expect(throws: StorageError(.unavailable, reason: "")) {
            try await log.database.write { transaction in
                try transaction.execute(
                    "INSERT INTO installation (workspace, name, value) VALUES ('-', 'change', 'done')", [])
                // The unit ends with the entry, even if somebody swallows the error.
                do { try keyless.append(TestLog.entry(), in: transaction) } catch { throw error }
            }
        }
        #expect(try await log.count("SELECT COUNT(*) FROM installation") == 0)
    }

    @Test("a detail is cut, so that an entry fits into a bundle however much of it has to be escaped")
    func longDetail() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(detail: String(repeating: "\u{1}", count: 100_000)))
        let text = try await log.all()[0].entry.canonicalText
        #expect(text.count < Int(UInt16.max))
    }
}
