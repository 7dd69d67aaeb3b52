/// What a log signs (tlog-checkpoint): which log it is, how many entries it has, and its root.
public struct Checkpoint: Hashable, Sendable {
    /// Which log; the name of its key as well.
    public let origin: KeyName
    /// Its size and root.
    public let head: TreeHead

    public init(origin: KeyName, head: TreeHead) {
        self.origin = origin
        self.head = head
    }

    /// The number of entries.
    public var size: UInt64 { head.size }
    /// The root over all entries.
    public var root: LogHash { head.root }

    /// The note's text: origin, size in decimal and root in base64, a line each.
    public var text: String { "\(origin)\n\(size)\n\(root)\n" }

    /// Reads a note's text. Lines after the first three are passed over: they are signed, but say nothing about the tree.
    /// - Throws: ``LogError`` with `badCheckpoint`.
    public init(parsing text: String) throws(LogError) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty == true, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            let origin = try? KeyName(String(Substring(lines[0]))), let size = UInt64(canonicalDecimal: lines[1]),
            let root = try? LogHash(base64: Substring(lines[2])), size > 0 || root == .empty
        else { throw LogError(.badCheckpoint, "A checkpoint is an origin, a size and a root, a line each.") }
        self.init(origin: origin, head: TreeHead(size: size, root: root))
    }

    /// The checkpoint in a note that the log's key signed.
    ///
    /// The key's name must be the origin: one installation signs all its logs with one key, and a signature does not
    /// cover the name on its own line, so only the origin tells whose checkpoint it is.
    /// - Throws: ``LogError`` with `notSigned`, `badSignature`, `badCheckpoint` or `wrongOrigin`.
    public init(opening note: SignedNote, signedBy key: VerifierKey) throws(LogError) {
        try note.verify(with: [key])
        try self.init(parsing: note.text)
        guard origin == key.name else { throw LogError(.wrongOrigin, "The checkpoint is another log's.") }
    }
}
