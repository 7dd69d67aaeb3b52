import Fixtures
import Testing
import TransparencyLog

@testable import AuditLog

@Suite("Verifying what only the database has of a log")
struct StoredVerifyTests {
    private let kept: KeptLog

    init() async throws {
        kept = try KeptLog()
        try await kept.append(600, about: TestLog.anna)
    }

    private func verify() async throws -> StoredLogVerifier.Verified {
        let key = try #require(kept.signer.verifierKey(of: "ws_1"))
        return try await StoredLogVerifier(kept.log.database, workspace: "ws_1", key: key).verify()
    }

    @Test("finds nothing in an honest one, and tells how many entries are not signed yet")
    func honest() async throws {
        #expect(try await verify().unsigned == 0)
        kept.signer.goDown()
        try await kept.append(7)
        kept.signer.comeUp()
        let verified = try await verify()
        #expect(verified.unsigned == 7 && verified.log.entries == 0..<600)
    }

    @Test("finds nothing in one that was pruned")
    func pruned() async throws {
        try await kept.keep(.gdpr(days: 30))
        kept.pass(days: 800)
        try await kept.prune()
        #expect(try await verify().log.entries.lowerBound == 512)
    }

    @Test(
        "names the part of the search index by which entries would not be found",
        arguments: [
            "records = zeroblob(length(records))", "persons = zeroblob(length(persons))", "records = x''",
            "persons = x''", "records = CAST(records || x'00000000' AS BLOB)", "records = zeroblob(100000)",
            "earliest = latest + 1",
            "latest = earliest - 1", "earliest = 'never'", "records = CAST(zeroblob(2000) AS BLOB)",
        ])
    func searchIndex(change: String) async throws {
        try kept.log.damage("UPDATE audit_bundle SET \(change) WHERE workspace = 'ws_1' AND number = 1")
        let fault = await #expect(throws: StoredLogFault.self) { try await verify() }
        #expect(fault?.reason.hasPrefix("The search index of entries 257 to 512 is wrong") == true)
    }

    @Test(
        "names a part of the search index that is of no entries",
        arguments: ["-1", "2", "9223372036854775807", "-9223372036854775807 - 1"])
    func searchIndexNumber(number: String) async throws {
        try kept.log.damage(
            """
            INSERT INTO audit_bundle (workspace, number, records, persons, earliest, latest)
            SELECT workspace, \(number), records, persons, earliest, latest FROM audit_bundle WHERE number = 0
            """)
        let fault = await #expect(throws: StoredLogFault.self) { try await verify() }
        #expect(fault?.reason.hasPrefix("The search index is wrong") == true)
        // A search goes on beside it.
        let found = try await kept.log.reader.entries(AuditFilter(record: "ch_1"), workspace: "ws_1", limit: .max)
        #expect(found.count == 600)
    }

    @Test("finds nothing in one whose persons were erased, however many keys they had")
    func erased() async throws {
        for _ in 0..<ErasedKeys.limit {
            kept.pass(days: 2)
            try await kept.append(1, about: TestLog.anna)
        }
        let erasure = AuditErasure(database: kept.log.database, trail: kept.log.trail) { TestLog.time }
        let person = AuditPerson(contactDigest: TestLog.anna.digest)
        #expect(try await erasure.erase([person], workspace: "ws_1", origin: .system))
        #expect(try await kept.log.all().count { $0.entry.action == "person.erased" } == 2)
        #expect(try await verify().unsigned == 2)
    }

    @Test(
        "names the first entry whose personal part became unreadable although nobody was erased",
        arguments: [
            ("UPDATE audit_person SET person = NULL, salt = NULL WHERE number >= x'0000000000000002'", 601),
            ("UPDATE audit_person SET salt = NULL", 1), ("DELETE FROM audit_person", 1),
        ] as [(String, UInt64)])
    func destroyedKeys(change: String, entry: UInt64) async throws {
        try await kept.append(3, about: TestLog.bert)
        try kept.log.damage(change)
        let fault = await #expect(throws: StoredLogFault.self) { try await verify() }
        #expect(fault?.entry == entry)
    }

    @Test("a part of the search index that is missing hides nothing")
    func searchIndexMissing() async throws {
        try kept.log.damage("DELETE FROM audit_bundle")
        #expect(try await verify().log.entries == 0..<600)
    }

    @Test("names a gap and a number out of order, before the signed entries and after them")
    func rows() async throws {
        for (number, entry) in [("700", 601), ("602", 601), ("0", nil), ("-5", nil)] as [(String, UInt64?)] {
            try kept.log.damage(Self.insert(number))
            let fault = await #expect(throws: StoredLogFault.self, "\(number)") { try await verify() }
            #expect(fault?.entry == entry)
            try kept.log.damage("DELETE FROM audit_entry WHERE workspace = 'ws_1' AND sequence = \(number)")
        }
        #expect(try await verify().unsigned == 0)
    }

    private static func insert(_ number: String) -> String {
        """
        CREATE TEMP TABLE one AS SELECT * FROM audit_entry WHERE workspace = 'ws_1' AND sequence = 600;
        UPDATE one SET sequence = \(number);
        INSERT INTO audit_entry SELECT * FROM one
        """
    }

    @Test(
        "names the columns beside the checkpoint that are not what it says",
        arguments: [
            ("size = 599", "audit_log.size "), ("size = 601", "audit_log.size "),
            ("root = CAST(zeroblob(32) AS BLOB)", "audit_log.root "),
            ("size = 3, root = CAST(zeroblob(32) AS BLOB)", "audit_log.size and audit_log.root "),
            ("size = -1", "The row of the log "), ("root = x'00'", "The row of the log "),
        ])
    func columns(change: String, named: String) async throws {
        try kept.log.damage("UPDATE audit_log SET \(change) WHERE workspace = 'ws_1'")
        let fault = await #expect(throws: StoredLogFault.self) { try await verify() }
        #expect(fault?.reason.hasPrefix(named) == true)
    }
}
