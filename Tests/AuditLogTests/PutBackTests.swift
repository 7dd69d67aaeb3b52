import Testing
import TransparencyLog

@testable import AuditLog

@Suite("A log that was put back, beside a checkpoint that somebody kept")
struct PutBackTests {
    private static let tables = ["audit_entry", "audit_tile", "audit_bundle", "audit_log"]

    private let kept: KeptLog

    init() throws { kept = try KeptLog() }

    private func checkpoint() async throws -> Checkpoint {
        let note = try await kept.reader.log(of: "ws_1").checkpoint
        return try Checkpoint(
            opening: SignedNote(parsing: Array(note.utf8)), signedBy: #require(kept.signer.verifierKey(of: "ws_1")))
    }

    private func verify(extending checkpoints: Checkpoint...) async throws -> VerifiedLog {
        let key = try #require(kept.signer.verifierKey(of: "ws_1"))
        return try await PrunableLogVerifier(
            DatabaseLog(kept.reader, workspace: "ws_1"), key: key, extending: checkpoints
        ).verify()
    }

    @Test("is whole by itself, and is found by a later checkpoint")
    func putBack() async throws {
        try await kept.append(300)
        let earlier = try await checkpoint()
        for table in Self.tables { try kept.log.damage("CREATE TABLE old_\(table) AS SELECT * FROM \(table)") }
        try await kept.append(20)
        let later = try await checkpoint()
        #expect(try await verify(extending: earlier, later).checkpoint == later)

        for table in Self.tables {
            try kept.log.damage("DELETE FROM \(table); INSERT INTO \(table) SELECT * FROM old_\(table)")
        }
        #expect(try await verify(extending: earlier).checkpoint == earlier)
        let fault = await #expect(throws: LogFault.self) { try await verify(extending: earlier, later) }
        #expect(fault?.place == .checkpoint && fault?.reason.contains("320") == true)
    }

    @Test("a pruned log still extends the checkpoints of before")
    func pruned() async throws {
        try await kept.append(300)
        let earlier = try await checkpoint()
        try await kept.keep(.gdpr(days: 30))
        try await kept.append(300)
        kept.pass(days: 800)
        try await kept.prune()
        #expect(try await verify(extending: earlier).entries.lowerBound > 0)
    }
}
