import EnclaveLink
import Testing
import TransparencyLog

/// A log whose entries are in memory, as an honest host has it; forks of it are what a lying one has.
struct TestLog: HashSource {
    let origin: KeyName
    var entries: [String]

    init(_ name: String = "ws_1", entries: Int = 0) throws {
        origin = try KeyName("id.example.com/\(name)")
        self.entries = (0..<entries).map { "entry \($0)" }
    }

    func hash(of node: TreeNode) -> LogHash {
        guard node.level > 0 else { return .leaf(Array(entries[Int(node.index)].utf8)) }
        let children = [0, 1].map { TreeNode(level: node.level - 1, index: node.index * 2 + $0) }
        return .node(hash(of: children[0]), hash(of: children[1]))
    }

    /// The head of the first entries, of all if nil.
    func head(_ size: Int? = nil) throws -> TreeHead {
        try TreeEdge(size: UInt64(size ?? entries.count), from: self).head
    }

    func proof(from base: Int, to size: Int) throws -> ConsistencyProof {
        try ConsistencyProof(from: UInt64(base), to: UInt64(size), in: self)
    }

    /// What an honest host asks.
    /// - Parameter stored: the outcome that it stored last.
    func proposal(from base: Int, to size: Int, stored: LogHeadOutcome? = nil) throws -> LogHeadProposal {
        LogHeadProposal(
            origin: origin, head: try head(size), baseSize: UInt64(base), proof: try proof(from: base, to: size),
            stored: try stored?.signedHead)
    }

    /// The same log up to `size`, with as many entries, but other ones from there.
    func fork(after size: Int) -> TestLog {
        var fork = self
        for index in size..<entries.count { fork.entries[index] = "forged \(index)" }
        return fork
    }
}

extension EnclaveCalling {
    func sign(_ proposal: LogHeadProposal) async throws -> LogHeadOutcome {
        try #require(try await call(SignLogHeads([proposal])).outcomes.first)
    }

    /// The checkpoint in a note, checked with the public key that the greeting tells.
    func checkpoint(_ note: String, of log: TestLog) throws -> Checkpoint {
        let key = try VerifierKey(name: log.origin, publicKey: try #require(greeting).logKey)
        return try Checkpoint(opening: try SignedNote(parsing: Array(note.utf8)), signedBy: key)
    }
}

extension LogHeadOutcome {
    var note: String? {
        switch self {
        case .signed(let note), .restored(let note, _): note
        case .refused: nil
        }
    }

    /// The head and the signature in the note.
    var signedHead: SignedHead? {
        get throws {
            guard let note = try note.map({ try SignedNote(parsing: Array($0.utf8)) }) else { return nil }
            return SignedHead(head: try Checkpoint(parsing: note.text).head, signature: note.signatures[0].bytes)
        }
    }

    var isSigned: Bool { if case .signed = self { true } else { false } }

    /// The head that a restored one took the place of.
    var previous: TreeHead? { if case .restored(_, let previous) = self { previous } else { nil } }
}
