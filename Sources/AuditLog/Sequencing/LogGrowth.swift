import Storage
import TransparencyLog

/// The entries of a log beyond its last checkpoint, taken into its tree; nothing of it is stored yet.
struct LogGrowth {
    /// Entries that one checkpoint takes in, unless the signer has signed more.
    static let step: UInt64 = 5_000

    let workspace: String
    /// What the last checkpoint says; nil before the first.
    let stored: StoredLog?
    private(set) var tree: GrowingTree
    private(set) var summaries: GrowingSummaries

    var base: TreeHead { stored?.head ?? .empty }
    var head: TreeHead { tree.edge.head }
    var size: UInt64 { tree.edge.size }
    /// Whether there may be more entries than were taken in.
    private(set) var hasMore = false

    /// Reads the log's end and the entries after it.
    ///
    /// - Parameter size: the log is read at least so far, if it reaches so far.
    /// - Throws: `SigningFault` with what does not fit, `StorageError`.
    init(_ workspace: String, upTo size: UInt64 = 0, in transaction: any Transaction) throws {
        self.workspace = workspace
        stored = try StoredLog.find(workspace, in: transaction)
        let base = stored?.head ?? .empty
        summaries = try GrowingSummaries(workspace, size: base.size, in: transaction)
        do {
            tree = try GrowingTree(
                size: base.size, from: StoredTiles(workspace: workspace, transaction: transaction))
        } catch let error as StorageError {
            throw error
        } catch {
            throw SigningFault.damagedTree
        }
        guard tree.edge.head == base else { throw SigningFault.damagedTree }
        try requireLast(in: transaction)
        repeat { try takeStep(in: transaction) } while hasMore && self.size < size
    }

    /// That a checkpoint of this growth extends the tree of the first `size` entries.
    func proof(from size: UInt64, in transaction: any Transaction) throws -> ConsistencyProof {
        try ConsistencyProof(from: size, to: self.size, in: hashes(transaction))
    }

    /// What the log was at an earlier size.
    func head(ofSize size: UInt64, in transaction: any Transaction) throws -> TreeHead {
        try TreeEdge(size: size, from: hashes(transaction)).head
    }

    private func hashes(_ transaction: any Transaction) -> TileHashes {
        StoredTiles(workspace: workspace, transaction: transaction, fresh: tree.changed).hashes(ofSize: size)
    }

    /// Where the last entries were taken away, their numbers would be given once more.
    private func requireLast(in transaction: any Transaction) throws {
        guard base.size > 0 else { return }
        let last = try transaction.row(
            "SELECT COALESCE(MAX(sequence), 0) FROM audit_entry WHERE workspace = $1", [.text(workspace)])
        guard try last?.integer(0) ?? 0 >= Int64(base.size) else { throw SigningFault.damagedEntries }
    }

    private mutating func takeStep(in transaction: any Transaction) throws {
        let start = size
        // A failure here means what `SigningFault.damagedEntries` does (`LogState`).
        try LentEntry.each(
            after: Int64(start), count: Int(Self.step), workspace: workspace, in: transaction
        ) { entry, text throws(StorageError) in
            guard try entry.integer(.sequence) == Int64(self.size) + 1, text.count <= EntryBundle.maximumEntryLength
            else { throw StorageError(.unexpectedValue, reason: "an entry is missing or too long") }
            tree.append(.leaf(text))
            try summaries.append(entry)
        }
        hasMore = size - start == Self.step
    }
}
