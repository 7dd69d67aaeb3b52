import Fixtures
import Testing
import TransparencyLog

@testable import AuditLog

@Suite("Pruning the log")
struct PruningTests {
    private let kept: KeptLog

    init() throws { kept = try KeptLog() }

    /// 700 entries after the one about the rule, all of them old enough.
    private func age() async throws {
        try await kept.keep(.gdpr(days: 10))
        try await kept.append(700)
        kept.pass(days: 10)
    }

    @Test("removes whole bundles from the front and says which; all that is younger stays, to the byte")
    func bundles() async throws {
        try await age()
        try await kept.append(100)
        let before = try await kept.log.all().map(\.entry.canonicalText)
        try await kept.prune()
        #expect(try await kept.numbers() == 513...802)
        #expect(try await kept.log.all().dropLast().map(\.entry.canonicalText) == Array(before.dropFirst(512)))
        #expect(try await kept.told() == ["1 to 512"])
        #expect(try await kept.reader.log(of: "ws_1").minimum == 512)
        try await kept.prune()
        #expect(try await kept.numbers() == 513...802)
    }

    @Test("never takes the last signed entry, and numbers go on where they were", arguments: [255, 511])
    func lastEntry(count: Int) async throws {
        try await kept.keep(.gdpr(days: 1))
        try await kept.append(count)
        kept.pass(days: 100)
        try await kept.prune()
        let size = count + 1
        // A log of one bundle keeps it; of two bundles the first one goes.
        #expect(try await kept.numbers() == (count == 255 ? 1...256 : 257...513))
        try await kept.append(3)
        #expect(await kept.sequencer.states["ws_1"] == .fine)
        #expect(try await kept.numbers()?.upperBound == Int64(size + 3 + (count == 255 ? 0 : 1)))
    }

    @Test("leaves the tree: what is left verifies, and an entry that is gone is proven by whoever has a copy")
    func tree() async throws {
        try await age()
        let copy = try await kept.log.all()[2].entry.canonicalText
        let old = try await kept.reader.log(of: "ws_1").head
        try await kept.prune()
        #expect(try await kept.verify().entries == 512..<702)
        let new = try await kept.reader.log(of: "ws_1").head
        try await kept.reader.inclusionProof(of: 2, in: new.size, of: "ws_1").verify(.leaf(copy), at: 2, in: new)
        try await kept.reader.consistencyProof(from: 100, to: new.size, of: "ws_1")
            .verify(from: TreeHead(size: 100, root: kept.reader.root(of: 100)), to: new)
        try await kept.reader.consistencyProof(from: old.size, to: new.size, of: "ws_1").verify(from: old, to: new)
    }

    @Test("shows: entries and bundles that are gone say that they were pruned, and not that they never were")
    func gone() async throws {
        try await age()
        try await kept.prune()
        await #expect(throws: LogReadingError(.pruned)) { try await kept.reader.entry(512, of: "ws_1") }
        await #expect(throws: LogReadingError(.pruned)) {
            try await kept.reader.tile(TilePath(.entries, number: 1), of: "ws_1")
        }
        #expect(try await kept.reader.entry(513, of: "ws_1").sequence == 513)
        #expect(try await kept.reader.tile(TilePath(.hashes(level: 0), number: 0), of: "ws_1").count == 256 * 32)
    }

    @Test("is told by the log itself: whoever removes the front without it is found out")
    func withoutEntry() async throws {
        try await age()
        for statement in [
            "UPDATE audit_log SET minimum = 256", "DELETE FROM audit_entry WHERE sequence <= 256",
        ] { try kept.log.damage(statement) }
        let fault = await #expect(throws: LogFault.self) { try await kept.verify() }
        #expect(fault?.firstEntry == 0)
    }

    @Test("is told by the log itself: more than it tells of is found out too")
    func moreThanTold() async throws {
        try await age()
        try await kept.append(400)
        try await kept.prune()
        for statement in [
            "UPDATE audit_log SET minimum = 768", "DELETE FROM audit_entry WHERE sequence <= 768",
        ] { try kept.log.damage(statement) }
        let fault = await #expect(throws: LogFault.self) { try await kept.verify() }
        #expect(fault?.firstEntry == 512)
    }

    @Test("that is broken off in the middle has removed nothing, and is done the next time")
    func killed() async throws {
        try await age()
        try kept.log.damage(
            """
            CREATE TRIGGER killed BEFORE DELETE ON audit_entry WHEN OLD.sequence = 400
            BEGIN SELECT RAISE(ABORT, 'killed'); END
            """)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...701)
        #expect(try await kept.told().isEmpty)
        #expect(try await kept.verify().entries == 0..<701)
        try kept.log.damage("DROP TRIGGER killed")
        try await kept.prune()
        #expect(try await kept.numbers() == 513...702)
        #expect(try await kept.verify().entries == 512..<702)
    }

    @Test("is done in steps, each of them told")
    func steps() async throws {
        try await age()
        try await kept.append(700)
        kept.pass(days: 10)
        try await kept.prune()
        #expect(try await kept.told() == ["1 to 512", "513 to 1024", "1025 to 1280"])
        #expect(try await kept.verify().entries == 1_280..<1_404)
    }

    @Test("stops at an entry that is not the one that was signed: nobody makes it older to have it removed")
    func forgedTime() async throws {
        try await kept.keep(.gdpr(days: 10))
        try await kept.append(700)
        try kept.log.damage("UPDATE audit_entry SET time = 0 WHERE sequence <= 256")
        try await kept.prune()
        #expect(try await kept.numbers() == 1...701)
        #expect(kept.damaged.all == ["ws_1"])
    }

    @Test("leaves a log alone whose signatures are in doubt")
    func inDoubt() async throws {
        try await age()
        kept.signer.goDown()
        try await kept.append(1)
        try await kept.prune()
        #expect(try await kept.numbers() == 1...702)
    }

    @Test("waits until a clock that jumped has stood an hour")
    func jump() async throws {
        try await kept.keep(.soc2)
        try await kept.append(300)
        try await kept.look()
        kept.time.advance(seconds: 10 * 366 * 86_400)
        kept.steady.advance(seconds: 3_600)
        try await kept.look()
        #expect(try await kept.numbers() == 1...301)
        kept.time.advance(seconds: -10 * 366 * 86_400)
        kept.pass(hours: 1)
        try await kept.look()
        kept.pass(hours: 1)
        try await kept.look()
        #expect(try await kept.numbers() == 1...301)
    }

    @Test("destroys the keys of people of whom no entry is left, and no other's")
    func people() async throws {
        try await kept.keep(.gdpr(days: 10))
        try await kept.append(100, about: TestLog.anna)
        // A key seals the entries of a day.
        kept.pass(days: 2)
        try await kept.append(300, about: TestLog.bert)
        kept.pass(days: 10)
        try await kept.prune()
        let persons = try await kept.log.count("SELECT COUNT(*) FROM audit_person")
        #expect(persons == 1)
        #expect(try await kept.log.all().first?.personal.part?.contact == TestLog.bert.contact)
        try await kept.append(1, about: TestLog.anna)
        #expect(try await kept.log.all().last?.personal.part?.contact == TestLog.anna.contact)
    }

    @Test("destroys the newest key of a workspace, too, and gives its number to nobody else")
    func newestKey() async throws {
        try await kept.keep(.gdpr(days: 10))
        try await kept.append(10, about: TestLog.anna)
        // Entries about nobody that come from nowhere have no key.
        kept.pass(days: 2)
        let (trail, now) = (kept.log.trail, kept.time.now.unixMilliseconds)
        _ = try await kept.log.database.write { transaction in
            for _ in 0..<300 {
                try trail.append(
                    AuditEntry(
                        workspace: "ws_1", time: now, action: .workspaceChanged, record: "ws_1", origin: .system),
                    in: transaction)
            }
        }
        await kept.sequencer.look()
        kept.pass(days: 10)
        try await kept.prune()
        #expect(try await kept.numbers()?.lowerBound == 257)
        #expect(try await kept.log.count("SELECT COUNT(*) FROM audit_person") == 1)
        #expect(
            try await kept.log.count("SELECT COUNT(*) FROM audit_person WHERE salt IS NOT NULL OR person IS NOT NULL")
                == 0)
        try await kept.append(1, about: TestLog.anna)
        #expect(try await kept.log.all().last?.personal.part?.contact == TestLog.anna.contact)
        #expect(try await kept.log.count("SELECT COUNT(*) FROM audit_person") == 2)
    }

    @Test("forgets the rules of which no entry is left")
    func rules() async throws {
        for days in 1...5 { try await kept.keep(.gdpr(days: days)) }
        try await kept.append(300)
        kept.pass(days: 5)
        try await kept.prune()
        #expect(try await kept.log.count("SELECT COUNT(*) FROM audit_retention") == 1)
        #expect(try await kept.reader.retention(of: "ws_1").terms.rule == .gdpr(days: 5))
    }
}

extension LogReader {
    /// The root of the first `size` entries, from the tiles.
    fileprivate func root(of size: UInt64) async throws -> LogHash {
        let tile = try Tile(
            decoding: await tile(TilePath(.hashes(level: 0), number: 0, width: Int(size)), of: "ws_1"), width: Int(size)
        )
        return tile.root
    }
}
