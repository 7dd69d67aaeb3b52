import AuditLog
import Synchronization
import Testing
import TransparencyLog

/// A log of 600 entries, of which one person is erased, and exports of it.
struct TestExport {
    static let size: UInt64 = 600

    let log: TestLog
    let signer = TestSigner()

    init() async throws {
        log = try TestLog()
        let trail = log.trail
        _ = try await log.database.write { transaction in
            for number in 0..<Self.size {
                try trail.append(Self.entry(number), in: transaction)
            }
        }
        _ = try await AuditErasure(database: log.database, trail: trail, now: { TestLog.time }).erase(
            [AuditPerson(contactDigest: TestLog.anna.digest)], workspace: "ws_1", origin: .system)
        await look()
    }

    /// Every third one is about somebody who will be erased, every third one about nobody; the texts are as odd as can be.
    private static func entry(_ number: UInt64) -> AuditEntry {
        guard number % 3 > 0 else {
            return AuditEntry(
                workspace: "ws_1", time: TestLog.time + Int64(number), action: .signingKeyRotated, record: "k\(number)",
                origin: .system)
        }
        return TestLog.entry(
            record: number == 7 ? "=HYPERLINK(\"https://evil.example\")" : "ch_\(number)",
            time: TestLog.time + Int64(number), subject: number % 3 == 1 ? TestLog.anna : TestLog.bert,
            detail: number == 8 ? "'a\",\r\n\tb\u{e9}" : "")
    }

    func look() async {
        await LogSequencer(database: log.database, trail: log.trail, signer: signer, now: { TestLog.time }).look()
    }

    /// The pieces of an export, whose last one is the manifest.
    func write(
        _ format: ExportStatement.Format, _ period: AuditExports.Period = AuditExports.Period()
    ) async throws -> (file: [UInt8], manifest: [UInt8]) {
        let pieces = Mutex<[[UInt8]]>([])
        try await AuditExports(database: log.database, trail: log.trail, now: { TestLog.time }).begin(
            format, period, workspace: "ws_1", origin: .system
        ).write(
            signing: { try signer.sign($0) }, to: { piece in pieces.withLock { $0.append(piece) } })
        let all = pieces.withLock { $0 }
        return (Array(all.dropLast().joined()), all.last ?? [])
    }

    /// What a verifier says, fed in pieces of an odd size.
    func verify(
        _ file: [UInt8], _ manifest: [UInt8], key: VerifierKey? = nil
    ) throws -> ExportStatement {
        let own = try #require(signer.verifierKey(of: "ws_1"))
        var verifier = try ExportVerifier(try #require(ExportManifest(manifest)), key: key ?? own)
        for start in stride(from: 0, to: file.count, by: 997) {
            try verifier.take(Array(file[start..<min(start + 997, file.count)]))
        }
        try verifier.finish()
        return verifier.statement
    }
}
