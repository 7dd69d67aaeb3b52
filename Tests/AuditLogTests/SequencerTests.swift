import AuditLog
import Fixtures
import Storage
import Testing
import TransparencyLog

@Suite("The tree over the entries")
struct SequencerTests {
    private let log: TestLog
    private let signer = TestSigner()
    private var reader: LogReader { LogReader(database: log.database) }

    init() throws { log = try TestLog() }

    private func sequencer() -> LogSequencer {
        LogSequencer(database: log.database, trail: log.trail, signer: signer, now: { TestLog.time })
    }

    private func append(_ count: Int) async throws {
        let trail = log.trail
        _ = try await log.database.write { transaction in
            for _ in 0..<count { try trail.append(TestLog.entry(), in: transaction) }
        }
    }

    /// Checks a log as an outsider does: the signature, then every entry up to the root.
    private func verify(_ workspace: String = "ws_1") async throws -> TreeHead {
        let published = try await reader.log(of: workspace)
        let key = try VerifierKey(parsing: published.verifierKey)
        let note = try SignedNote(parsing: Array(published.checkpoint.utf8))
        let head = try Checkpoint(opening: note, signedBy: key).head
        var edge = TreeEdge()
        for number in 0..<((head.size + 255) / 256) {
            let width = Int(min(256, head.size - number * 256))
            let bundle = try await reader.tile(TilePath(.entries, number: number, width: width), of: workspace)
            let tile = try await reader.tile(
                TilePath(.hashes(level: 0), number: number, width: width), of: workspace)
            let leaves = try EntryBundle(decoding: bundle, count: width).map { LogHash.leaf($0) }
            #expect(leaves.flatMap(\.bytes) == tile)
            for leaf in leaves { edge.append(leaf) }
        }
        #expect(edge.head == head)
        return head
    }

    @Test("is signed after each look, and has all that was committed before", arguments: [1, 255, 256, 257, 700])
    func sizes(count: Int) async throws {
        let sequencer = sequencer()
        var size = 0
        for part in [count, 1, count] {
            try await append(part)
            await sequencer.look()
            size += part
            #expect(try await verify().size == UInt64(size))
        }
        #expect(await sequencer.states["ws_1"] == .fine)
    }

    @Test("grows in steps, each of them signed", .timeLimit(.minutes(1)))
    func steps() async throws {
        try await append(11_000)
        await sequencer().look()
        #expect(try await verify().size == 11_000)
    }

    @Test("of 10,000 entries by 50 writers has them in the order of their commits, while they are written")
    func manyWriters() async throws {
        let sequencer = sequencer()
        let log = log
        let isDone = Recorded<Bool>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { while isDone.all.isEmpty { await sequencer.look() } }
            await withTaskGroup(of: Void.self) { writers in
                for writer in 0..<50 {
                    writers.addTask {
                        for number in 0..<200 {
                            try? await log.append(TestLog.entry(record: "\(writer)/\(number)"))
                        }
                    }
                }
            }
            isDone.append(true)
        }
        await sequencer.look()
        #expect(try await verify().size == 10_000)
    }

    @Test("of each workspace is its own")
    func workspaces() async throws {
        try await log.append(TestLog.entry("ws_1"), TestLog.entry("ws_2"), TestLog.entry("-"))
        await sequencer().look()
        for workspace in ["ws_1", "ws_2", "-"] { #expect(try await verify(workspace).size == 1) }
        #expect(try await reader.log(of: "ws_1").head != reader.log(of: "ws_2").head)
    }

    @Test("of a thousand workspaces that change at once costs four messages to the signer, and each is signed")
    func manyWorkspaces() async throws {
        let (trail, names) = (log.trail, (1...1000).map { "ws_\($0)" })
        let sequencer = sequencer()
        for round in 1...2 as ClosedRange<UInt64> {
            try await log.database.write { transaction in
                for name in names { try trail.append(TestLog.entry(name), in: transaction) }
            }
            await sequencer.look()
            for name in ["ws_1", "ws_500", "ws_1000"] { #expect(try await verify(name).size == round) }
        }
        #expect(try await log.count("SELECT COUNT(*) FROM audit_log WHERE size = 2") == 1000)
        #expect(signer.messages.map { $0 <= 256 } == Array(repeating: true, count: 8))
    }

    @Test("is signed although another one, in the same message, does not fit")
    func besideDamaged() async throws {
        try await log.append(TestLog.entry("ws_1"), TestLog.entry("ws_2"), TestLog.entry("ws_3"))
        await sequencer().look()
        try log.damage("DELETE FROM audit_tile WHERE workspace = 'ws_2'")
        try await log.append(TestLog.entry("ws_1"), TestLog.entry("ws_2"), TestLog.entry("ws_3"))
        let sequencer = sequencer()
        await sequencer.look()
        #expect(await sequencer.states["ws_2"] == .refused(.damagedTree))
        for name in ["ws_1", "ws_3"] { #expect(try await verify(name).size == 2) }
    }

    @Test("shows the signer what is stored as signed last")
    func stored() async throws {
        let sequencer = sequencer()
        for size in [0, 3, 6] as [UInt64] {
            try await append(3)
            await sequencer.look()
            let shown = try signer.lastRequest?.stored.map { try Checkpoint(parsing: $0.text).size }
            #expect(shown ?? 0 == size)
        }
    }

    @Test("goes on after a restart from what is stored")
    func restart() async throws {
        try await append(300)
        await sequencer().look()
        try await append(300)
        await sequencer().look()
        #expect(try await verify().size == 600)
    }

    @Test("goes on where the host was killed between the signature and its storing")
    func killed() async throws {
        try await append(300)
        let lame = LogSequencer(
            database: SecondThoughts(log.database), trail: log.trail, signer: signer, now: { TestLog.time })
        await lame.look()
        #expect(signer.head(of: "ws_1")?.size == 300)
        await #expect(throws: LogReadingError.self) { try await reader.log(of: "ws_1") }
        try await append(10)
        let next = sequencer()
        await next.look()
        #expect(await next.states["ws_1"] == .fine)
        #expect(try await verify().size == 310)
    }

    @Test("waits while nobody can sign, and is signed once somebody can")
    func waiting() async throws {
        let sequencer = sequencer()
        try await append(3)
        signer.goDown()
        await sequencer.look()
        #expect(await sequencer.states["ws_1"] == .waiting)
        signer.comeUp()
        await sequencer.look()
        #expect(try await verify().size == 3)
    }

    @Test("is asked for once, however many look at the same time")
    func looksTogether() async throws {
        try await append(4)
        let sequencer = sequencer()
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { await sequencer.look() } }
        }
        #expect(signer.messages == [1])
        #expect(try await verify().size == 4)
    }

    @Test("an older database is noticed at the start, before anything new is in it")
    func behind() async throws {
        try await append(4)
        await sequencer().look()
        try log.damage(
            "CREATE TABLE old_log AS SELECT * FROM audit_log; CREATE TABLE old_tile AS SELECT * FROM audit_tile")
        try await append(6)
        await sequencer().look()
        try log.damage(
            """
            DELETE FROM audit_entry WHERE sequence > 4; DELETE FROM audit_log; DELETE FROM audit_tile;
            INSERT INTO audit_log SELECT * FROM old_log; INSERT INTO audit_tile SELECT * FROM old_tile
            """)
        let sequencer = sequencer()
        await sequencer.look()
        #expect(await sequencer.states["ws_1"] == .refused(.behind))
        // Nor does it help to write as many others.
        try await append(20)
        await sequencer.look()
        #expect(await sequencer.states["ws_1"] == .refused(.inconsistent))
        // Until an operator says that this is the new beginning, which the log then says.
        signer.acknowledgeRestore()
        let acknowledged = self.sequencer()
        await acknowledged.look()
        #expect(await acknowledged.states["ws_1"] == .fine)
        let last = try await log.all().last?.entry
        #expect(last?.action == "log.restored" && last?.detail.hasPrefix("signed before: 10 ") == true)
        #expect(try await verify().size == 25)
    }

    @Test(
        "is not signed over entries or tiles that were changed, taken away or put in",
        arguments: [
            ("DELETE FROM audit_entry WHERE sequence = 5", SigningFault.damagedEntries),
            ("DELETE FROM audit_entry WHERE sequence > 3", .damagedEntries),
            ("DELETE FROM audit_tile", .damagedTree),
            ("UPDATE audit_tile SET hashes = substr(hashes, 1, 32)", .damagedTree),
            ("UPDATE audit_log SET size = 2", .damagedTree),
            ("UPDATE audit_log SET size = -1", .damagedEntries),
            ("UPDATE audit_log SET size = 9223372036854775807", .damagedTree),
            ("UPDATE audit_log SET minimum = -1", .damagedEntries),
            ("UPDATE audit_log SET minimum = 9223372036854775807", .damagedEntries),
        ])
    func damaged(sql: String, fault: SigningFault) async throws {
        try await append(4)
        await sequencer().look()
        try await append(4)
        try log.damage(sql)
        let sequencer = sequencer()
        await sequencer.look()
        #expect(await sequencer.states["ws_1"] == .refused(fault))
    }

    @Test("an entry that was changed after it was signed does not fit its tile any more")
    func changedEntry() async throws {
        try await append(4)
        await sequencer().look()
        let honest = try await reader.tile(TilePath(.entries, number: 0, width: 4), of: "ws_1")
        for column in [
            "time = 1", "actor = 'x'", "record = 'x'", "commitment = NULL", "personal = x'00'", "version = 2",
        ] {
            try log.damage("UPDATE audit_entry SET \(column) WHERE sequence = 2")
            #expect(try await reader.tile(TilePath(.entries, number: 0, width: 4), of: "ws_1") != honest)
        }
    }

    @Test("serves the beginning of a tile that has grown, and nothing beyond the checkpoint")
    func tiles() async throws {
        try await append(300)
        let sequencer = sequencer()
        await sequencer.look()
        let whole = try await reader.tile(TilePath(.hashes(level: 0), number: 1, width: 44), of: "ws_1")
        try await append(20)
        await sequencer.look()
        #expect(try await reader.tile(TilePath(.hashes(level: 0), number: 1, width: 44), of: "ws_1") == whole)
        #expect(try await reader.tile(TilePath(.hashes(level: 1), number: 0, width: 1), of: "ws_1").count == 32)
        try await append(5)
        for path in [
            try TilePath(.hashes(level: 0), number: 1, width: 65), try TilePath(.entries, number: 1, width: 65),
            try TilePath(.hashes(level: 1), number: 0, width: 2), try TilePath(.hashes(level: 2), number: 0, width: 1),
            try TilePath(.entries, number: .max, width: 1), try TilePath(.hashes(level: 63), number: 0, width: 1),
        ] {
            await #expect(throws: LogReadingError.self) { try await reader.tile(path, of: "ws_1") }
        }
    }

    @Test("proves of each entry that it has it")
    func inclusion() async throws {
        try await append(300)
        await sequencer().look()
        let head = try await reader.log(of: "ws_1").head
        for (index, opened) in try await log.all().enumerated() {
            let proof = try await reader.inclusionProof(of: UInt64(index), in: 300, of: "ws_1")
            try proof.verify(.leaf(opened.entry.canonicalText), at: UInt64(index), in: head)
        }
        await #expect(throws: LogReadingError.self) {
            try await reader.inclusionProof(of: 300, in: 300, of: "ws_1")
        }
    }

    @Test("proves that it extends what it was")
    func consistency() async throws {
        let sequencer = sequencer()
        var heads: [TreeHead] = []
        for part in [1, 6, 250, 300, 3] {
            try await append(part)
            await sequencer.look()
            heads.append(try await reader.log(of: "ws_1").head)
        }
        for (place, newer) in heads.enumerated() {
            for older in heads[...place] {
                try await reader.consistencyProof(from: older.size, to: newer.size, of: "ws_1")
                    .verify(from: older, to: newer)
            }
        }
        await #expect(throws: LogReadingError.self) {
            try await reader.consistencyProof(from: 1, to: 10_000, of: "ws_1")
        }
    }
}

/// A database that is killed when it is to store a signature.
private struct SecondThoughts: Database {
    let inner: SQLiteDatabase
    var hasOneOwner: Bool { true }

    init(_ inner: SQLiteDatabase) { self.inner = inner }

    func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value { throw StorageError(.unavailable, reason: "killed") }

    func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value {
        try await inner.read(work)
    }

    func forgetDeleted() async throws { try await inner.forgetDeleted() }

    func close() async {}
}
