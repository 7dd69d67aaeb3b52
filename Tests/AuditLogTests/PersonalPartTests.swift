import Fixtures
import Foundation
import Storage
import Testing

@testable import AuditLog

@Suite("The personal part of an entry")
struct PersonalPartTests {
    private static func erasure(_ log: TestLog) -> AuditErasure {
        AuditErasure(database: log.database, trail: log.trail, now: { TestLog.time })
    }

    private static func erase(_ person: AuditSubject, _ log: TestLog) async throws {
        let isKnown = try await erasure(log).erase(
            [AuditPerson(contactDigest: person.digest)], workspace: "ws_1", origin: .system)
        #expect(isKnown)
    }

    @Test("can be read back: address, client and contact")
    func reading() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna), TestLog.entry())
        let parts = try await log.all().map(\.personal.part)
        #expect(parts[0]?.contact == "anna@example.com")
        #expect(parts[0]?.address == "192.0.2.1:5")
        #expect(parts[0]?.userAgent == "curl/8")
        #expect(parts[1]?.contact == nil)
    }

    @Test("is not there where an entry is the server's own doing")
    func none() async throws {
        let log = try TestLog()
        try await log.append(
            AuditEntry(workspace: "-", time: 0, action: .signingKeyRotated, record: "k", origin: .system))
        let entry = try await log.all("-")[0]
        #expect(entry.personal == .none)
        #expect(entry.entry.personal == nil && entry.entry.commitment == nil)
    }

    @Test("is in the row only as a commitment and a seal: twice the same is twice something else")
    func sealed() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna), TestLog.entry(subject: TestLog.anna))
        let entries = try await log.all().map(\.entry)
        #expect(entries[0].commitment != entries[1].commitment)
        #expect(entries[0].personal?.dropFirst(8) != entries[1].personal?.dropFirst(8))
        for entry in entries {
            let text = String(decoding: entry.canonicalText + (entry.personal ?? []), as: UTF8.self)
            #expect(!text.contains("anna") && !text.contains("192.0.2.1") && !text.contains("curl"))
        }
    }

    @Test("is erased with the person's key; everything else of the entry stays as it was, and so does everybody else's")
    func erasure() async throws {
        let log = try TestLog()
        try await log.append(
            TestLog.entry(subject: TestLog.anna), TestLog.entry(subject: TestLog.bert),
            TestLog.entry(subject: TestLog.anna))
        let before = try await log.all().map(\.entry.canonicalText)
        try await Self.erase(TestLog.anna, log)
        let after = try await log.all()
        #expect(after.map(\.personal)[0] == .erased && after[2].personal == .erased)
        #expect(after[1].personal.part?.contact == "+491701234567")
        #expect(after.dropLast().map(\.entry.canonicalText) == before)
        let erased = try #require(after.last?.entry)
        #expect(
            erased.action == "person.erased" && erased.record == "ws_1" && erased.detail == "1 keys: 1"
                && erased.personal == nil)
    }

    @Test("and its key are in none of the database's files once the erasure has been answered")
    func traces() async throws {
        let log = try TestLog()
        let persons = (0..<150).map { AuditSubject(digest: Array(repeating: $0, count: 32), contact: "a@example.com") }
        for person in persons { try await log.append(TestLog.entry(subject: person)) }
        let salts = try await log.database.read { transaction in
            try transaction.rows("SELECT salt FROM audit_person", []).map { try $0.bytes(0) }
        }
        #expect(salts.count == persons.count)
        for person in persons { try await Self.erase(person, log) }
        for file in [log.path, log.path + "-wal"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            for salt in salts { #expect(bytes.range(of: Data(salt)) == nil, "\(file)") }
        }
    }

    @Test(
        "is not called erased while somebody reads the database as it was; once they have ended it is asked for again")
    func readWhileErased() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna))
        try await log.whileRead {
            await #expect(throws: RetentionError(.unfinished)) { try await Self.erase(TestLog.anna, log) }
        }
        #expect(try await log.all()[0].personal == .erased)
        let isStillKnown = try await Self.erasure(log).erase(
            [AuditPerson(contactDigest: TestLog.anna.digest)], workspace: "ws_1", origin: .system)
        #expect(!isStillKnown)
        #expect(try Data(contentsOf: URL(fileURLWithPath: log.path + "-wal")).isEmpty)
    }

    @Test("of an entry after the erasure has a key of its own")
    func afterErasure() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna))
        try await Self.erase(TestLog.anna, log)
        try await log.append(TestLog.entry(subject: TestLog.anna))
        let entries = try await log.all()
        #expect(entries[0].personal == .erased)
        #expect(entries[2].personal.part?.contact == "anna@example.com")
        let person = AuditPerson(contactDigest: TestLog.anna.digest)
        let found = try await log.reader.entries(AuditFilter(person: person), workspace: "ws_1", limit: 10)
        #expect(found.map(\.entry.sequence) == [3])
    }

    @Test("does not open at another entry, nor under a key that was exchanged for another person's")
    func exchanged() async throws {
        let log = try TestLog()
        try await log.append(TestLog.entry(subject: TestLog.anna), TestLog.entry(subject: TestLog.bert))
        try await log.append(TestLog.entry(subject: TestLog.anna))
        _ = try await log.database.write { transaction in
            try transaction.execute(
                """
                UPDATE audit_entry SET personal = (SELECT personal FROM audit_entry WHERE sequence = 3)
                WHERE sequence = 1
                """, [])
        }
        _ = try await log.database.write { transaction in
            try transaction.execute(
                """
                UPDATE audit_person SET salt = (SELECT salt FROM audit_person WHERE person = $1)
                WHERE person = $2
                """,
                [TestLog.anna, TestLog.bert].map { .text(AuditPerson(contactDigest: $0.digest).name) })
        }
        let readings = try await log.all().map(\.personal)
        #expect(readings[0] == .unreadable)
        #expect(readings[1] == .unreadable)
        #expect(readings[2].part?.contact == "anna@example.com")
    }

    @Test("of one contact has another key in each workspace")
    func workspaces() async throws {
        let log = try TestLog()
        try await log.append(
            TestLog.entry("ws_1", subject: TestLog.anna), TestLog.entry("ws_2", subject: TestLog.anna))
        try await Self.erase(TestLog.anna, log)
        #expect(try await log.all("ws_1")[0].personal == .erased)
        #expect(try await log.all("ws_2")[0].personal.part?.contact == "anna@example.com")
    }
}
