import AuditLog
import Fixtures
import Testing
import TransparencyLog

@Suite("Verifying a log in its database")
struct VerifyTests {
    private static let size = 600

    private let log: TestLog
    private let signer = TestSigner()

    init() async throws {
        log = try TestLog()
        let trail = log.trail
        _ = try await log.database.write { transaction in
            for number in 0..<Self.size {
                for workspace in ["ws_1", "ws_2"] {
                    try trail.append(
                        TestLog.entry(workspace, record: "ch_\(number)", subject: TestLog.anna), in: transaction)
                }
            }
        }
        let sequencer = LogSequencer(
            database: log.database, trail: trail, signer: signer, now: { TestLog.time })
        await sequencer.look()
    }

    private func verify(_ workspace: String = "ws_1") async throws -> VerifiedLog {
        let key = try #require(signer.verifierKey(of: workspace))
        return try await LogVerifier(
            DatabaseLog(LogReader(database: log.database), workspace: workspace), key: key
        ).verify()
    }

    @Test("finds nothing in an honest one")
    func honest() async throws {
        #expect(try await verify().entries == 0..<UInt64(Self.size))
        #expect(try await verify("ws_2").entries == 0..<UInt64(Self.size))
    }

    @Test(
        "names a log whose row has numbers that are none",
        arguments: ["size = -1", "minimum = -1", "minimum = 601", "minimum = 9223372036854775807"])
    func numbers(change: String) async throws {
        try log.damage("UPDATE audit_log SET \(change) WHERE workspace = 'ws_1'")
        await #expect(throws: LogFault.self) { try await verify() }
        await #expect(throws: LogReadingError(.damaged)) {
            try await LogReader(database: log.database).log(of: "ws_1")
        }
        #expect(try await verify("ws_2").entries == 0..<UInt64(Self.size))
    }

    @Test("the newest cosigned checkpoint is damaged where it is of fewer entries than none")
    func cosigned() async throws {
        try log.damage("INSERT INTO audit_cosigned VALUES ('ws_1', -1, 'none', 0)")
        await #expect(throws: LogReadingError(.damaged)) {
            try await LogReader(database: log.database).cosignedCheckpoint(of: "ws_1")
        }
    }

    @Test("finds nothing in one from which people were erased")
    func erased() async throws {
        let erasure = AuditErasure(database: log.database, trail: log.trail, now: { TestLog.time })
        #expect(
            try await erasure.erase(
                [AuditPerson(contactDigest: TestLog.anna.digest)], workspace: "ws_1", origin: .system))
        #expect(try await verify().entries == 0..<UInt64(Self.size))
    }

    @Test(
        "names the first entry that was changed, whichever column of it",
        arguments: [
            "version = 2", "time = time + 1", "actor = 'key:key_2'", "action = 'challenge.verified'",
            "record = 'ch_X'", "agent = 'agt_X'", "outcome = 'failed'", "request = ''", "detail = ' '",
            "commitment = NULL", "commitment = zeroblob(32)", "personal = NULL", "personal = personal || x'00'",
            "personal = x'00' || substr(personal, 2)", "record = CAST(x'ff' AS TEXT)", "time = 'never'",
        ])
    func changed(column: String) async throws {
        try log.damage("UPDATE audit_entry SET \(column) WHERE workspace = 'ws_1' AND sequence IN (301, 400)")
        let fault = await #expect(throws: LogFault.self) { try await verify() }
        #expect(fault?.firstEntry == 300)
        #expect(try await verify("ws_2").entries.count == Self.size)
    }

    @Test(
        "names the first entry that was dropped, inserted, moved or cut off, or is another workspace's",
        arguments: [
            ("DELETE FROM audit_entry WHERE workspace = 'ws_1' AND sequence = 301", 300),
            ("DELETE FROM audit_entry WHERE workspace = 'ws_1' AND sequence > 300", 300),
            (
                """
                DELETE FROM audit_entry WHERE workspace = 'ws_1' AND sequence = 301;
                UPDATE audit_entry SET sequence = -sequence WHERE workspace = 'ws_1' AND sequence > 301;
                UPDATE audit_entry SET sequence = -sequence - 1 WHERE workspace = 'ws_1' AND sequence < 0
                """, 300
            ),
            (
                """
                UPDATE audit_entry SET sequence = -1 WHERE workspace = 'ws_1' AND sequence = 301;
                UPDATE audit_entry SET sequence = 301 WHERE workspace = 'ws_1' AND sequence = 302;
                UPDATE audit_entry SET sequence = 302 WHERE workspace = 'ws_1' AND sequence = -1
                """, 300
            ),
            (
                """
                DELETE FROM audit_tile WHERE workspace = 'ws_1';
                UPDATE audit_tile SET workspace = 'ws_1' WHERE workspace = 'ws_2'
                """, 0
            ),
            ("DELETE FROM audit_tile WHERE workspace = 'ws_1' AND level = 0 AND number = 1", 256),
            ("UPDATE audit_tile SET hashes = zeroblob(length(hashes)) WHERE workspace = 'ws_1' AND level = 1", 0),
            ("DELETE FROM audit_log WHERE workspace = 'ws_1'", 0),
        ])
    func moved(sql: String, entry: UInt64) async throws {
        try log.damage(sql)
        let fault = await #expect(throws: LogFault.self) { try await verify() }
        #expect(fault?.firstEntry == entry)
    }
}
