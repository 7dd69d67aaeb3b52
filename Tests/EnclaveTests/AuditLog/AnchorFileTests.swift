import EnclaveLink
import Foundation
import Testing
import TransparencyLog

@testable import Enclave

@Suite("the anchor's file")
struct AnchorFileTests {
    private let folder: TemporaryFolder
    private let path: String
    private let masterKey: MasterKey

    init() throws {
        folder = try TemporaryFolder()
        path = folder.url.appending(path: "log.anchor").path
        masterKey = try #require(MasterKey(bytes: Array(repeating: 9, count: 32)))
        try AnchorFile.create(path, masterKey: masterKey)
    }

    /// Heads of so many logs; those of different generations differ.
    private func heads(_ count: Int, generation: UInt64 = 1) throws -> AnchoredHeads {
        var heads = AnchoredHeads()
        for index in 0..<count {
            let head = TreeHead(size: generation, root: .leaf([UInt8(index & 0xff)]))
            heads.logs[try KeyName("id.example.com/ws_\(index)")] = AnchoredLog(
                head: head, standing: index == 0 ? .acknowledged(contradicted: false) : .settled)
        }
        return heads
    }

    /// Waits a moment by default: a program that another test starts holds every open file until it runs.
    private func open(patience: Duration = .seconds(2)) throws -> AnchorFile {
        try AnchorFile(path, masterKey: masterKey, patience: patience)
    }

    private func keep(_ heads: AnchoredHeads) throws { try #require(try open().keep(heads)) }

    private var content: Data {
        get throws { try Data(contentsOf: URL(filePath: path)) }
    }

    private func overwrite(_ content: Data) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: content)
    }

    /// Where the slot of this generation is in the file, from its first byte to its last.
    private func slot(_ generation: UInt64, of heads: AnchoredHeads) throws -> Range<Int> {
        let start = AnchorSlot.offset(of: generation)
        let key = masterKey.deriveKey("countersign log anchor v1")
        return
            start..<(start + (try #require(AnchorSlot(generation: generation, heads: heads).bytes(under: key))).count)
    }

    @Test("it is made once, for its owner only, and knows no log")
    func made() throws {
        var information = stat()
        try #require(stat(path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
        #expect(try open().heads == AnchoredHeads())
        #expect(throws: PrivateFile.Fault.alreadyExists) { try AnchorFile.create(path, masterKey: masterKey) }
    }

    @Test("what was kept last is there after each opening, be it shorter or longer", arguments: [0, 1, 2, 1000, 3])
    func kept(count: Int) throws {
        for generation in 1...5 as ClosedRange<UInt64> {
            let heads = try heads(generation.isMultiple(of: 2) ? count : 500, generation: generation)
            try keep(heads)
            #expect(try open().heads == heads)
        }
    }

    @Test("every standing of a log is there after an opening; only who was told is not")
    func standings() throws {
        let head = TreeHead(size: 3, root: .leaf([3]))
        var heads = AnchoredHeads(takesUnknownLogs: true)
        let standings: [AnchoredLog.Standing] = [
            .settled, .acknowledged(contradicted: false), .restored(previous: .empty, isTold: false),
            .acknowledged(contradicted: true),
        ]
        for (index, standing) in standings.enumerated() {
            heads.logs[try KeyName("\(index)")] = AnchoredLog(
                head: head, standing: standing, contradiction: index == 0 ? .max : nil,
                acknowledgedSize: UInt64(index))
        }
        try keep(heads)
        #expect(try open().heads == heads)
        heads.logs[try KeyName("2")]?.standing = .restored(previous: .empty, isTold: true)
        try keep(heads)
        #expect(try open().heads.logs[try KeyName("2")]?.standing == .restored(previous: .empty, isTold: false))
    }

    @Test("killed in the middle of a write, at any byte, it holds what was kept before")
    func torn() throws {
        let older = try heads(3, generation: 2)
        let newer = try heads(4, generation: 3)
        try keep(heads(5, generation: 1))
        try keep(older)
        let before = try content
        try keep(newer)
        let after = try content
        let slot = try slot(3, of: newer)
        for end in slot {
            var torn = before
            torn.replaceSubrange(slot.lowerBound..<end, with: after[slot.lowerBound..<end])
            try overwrite(torn)
            #expect(try open().heads == older)
        }
        var whole = before
        whole.replaceSubrange(slot, with: after[slot])
        try overwrite(whole)
        #expect(try open().heads == newer)
    }

    @Test("with any byte of its newer slot changed it holds the older one's heads; with both changed it is damaged")
    func flipped() throws {
        let older = try heads(1, generation: 1)
        let newer = try heads(1, generation: 2)
        try keep(older)
        try keep(newer)
        let whole = try content
        let olderSlot = try slot(1, of: older)
        for place in try slot(2, of: newer) {
            var changed = whole
            changed[place] ^= 0x10
            try overwrite(changed)
            #expect(try open().heads == older)
            changed[olderSlot.upperBound - 1] ^= 1
            try overwrite(changed)
            #expect(throws: LogAnchorFault.damaged) { try open() }
        }
    }

    @Test("cut short it holds the slot that is left, or is damaged")
    func truncated() throws {
        let older = try heads(1, generation: 1)
        let newer = try heads(1, generation: 2)
        try keep(older)
        try keep(newer)
        let whole = try content
        let newerSlot = try slot(2, of: newer)
        try overwrite(whole.prefix(newerSlot.upperBound))
        #expect(try open().heads == newer)
        for length in [0, 1, 30, newerSlot.upperBound - 1] {
            try overwrite(whole.prefix(length))
            #expect(throws: LogAnchorFault.damaged) { try open() }
        }
    }

    @Test("a slot copied to the other one's place is none")
    func swapped() throws {
        try keep(heads(1, generation: 1))
        let whole = try content
        let slot = try slot(1, of: heads(1, generation: 1))
        try overwrite(whole[slot] + whole[slot])
        #expect(throws: LogAnchorFault.damaged) { try open() }
    }

    @Test("one that was written under another master key is damaged")
    func otherKey() throws {
        let other = try #require(MasterKey(bytes: Array(repeating: 8, count: 32)))
        #expect(throws: LogAnchorFault.damaged) { try AnchorFile(path, masterKey: other) }
    }

    @Test("while one process has it open no second one opens it")
    func exclusive() throws {
        let first = try open()
        #expect(throws: LogAnchorFault.inUse) { try open(patience: .zero) }
        withExtendedLifetime(first) {}
    }

    @Test("once it was let go of it opens again")
    func released() throws {
        do { _ = try open() }
        _ = try open()
    }

    @Test("an older copy put in its place while it is open is written over: memory wins")
    func replacedWhileOpen() throws {
        let anchor = try open()
        try #require(anchor.keep(heads(2, generation: 1)))
        let copy = try content
        for generation in 2...3 as ClosedRange<UInt64> {
            try #require(anchor.keep(heads(2, generation: generation)))
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.write(contentsOf: copy)
        try #require(anchor.keep(heads(2, generation: 4)))
        try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: path + ".copy"))
        chmod(path + ".copy", 0o600)
        let reopened = try AnchorFile(path + ".copy", masterKey: masterKey)
        #expect(try reopened.heads == heads(2, generation: 4))
    }

    @Test("a symbolic link, a folder or a pipe in its place is not opened")
    func notRegular() throws {
        try FileManager.default.moveItem(atPath: path, toPath: path + ".real")
        symlink(path + ".real", path)
        #expect(throws: LogAnchorFault.unreadable) { try open() }
        unlink(path)
        mkdir(path, 0o700)
        #expect(throws: LogAnchorFault.unreadable) { try open() }
        rmdir(path)
        mkfifo(path, 0o600)
        #expect(throws: LogAnchorFault.unreadable) { try open() }
        unlink(path)
        #expect(throws: LogAnchorFault.missing) { try open() }
    }

    @Test("one that others may read or write is not opened", arguments: [0o640, 0o604, 0o620, 0o602] as [mode_t])
    func loose(mode: mode_t) throws {
        chmod(path, mode)
        #expect(throws: LogAnchorFault.loosePermissions) { try open() }
    }

    @Test("another user's is not opened", .enabled(if: geteuid() == 0))
    func foreign() throws {
        chown(path, 1, 1)
        #expect(throws: LogAnchorFault.foreignOwner) { try open() }
    }

    @Test("as many logs as are allowed fit, whatever they are called and however it stands with them")
    func full() throws {
        var heads = AnchoredHeads(takesUnknownLogs: true)
        let name = String(repeating: "w", count: LogHeadProposal.originLengths.upperBound - 5)
        for index in 0..<AnchoredHeads.limit {
            heads.logs[try KeyName(name + String(10_000 + index))] = AnchoredLog(
                head: .empty, standing: .restored(previous: .empty, isTold: false), contradiction: 1)
        }
        try keep(heads)
        #expect(try open().heads == heads)
    }

    @Test("more logs than a slot holds are not kept, and what was kept still is")
    func tooMany() throws {
        let few = try heads(2)
        var many = AnchoredHeads()
        for index in 0..<60_000 {
            many.logs[try KeyName("id.example.com/ws_\(index)")] = AnchoredLog(head: .empty, standing: .settled)
        }
        let anchor = try open()
        #expect(anchor.keep(few) && !anchor.keep(many) && anchor.keep(few))
    }
}
