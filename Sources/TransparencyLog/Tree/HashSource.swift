/// Where the hashes of a tree are kept: in tiles, in memory, wherever.
public protocol HashSource {
    /// The hash of a complete subtree of the tree.
    /// - Throws: whatever keeps it from being read; for a subtree that the tree does not have, anything.
    func hash(of node: TreeNode) throws -> LogHash
}

extension HashSource {
    /// The Merkle tree hash of the leaves of `range`, one that ``TreeNode/covering(_:)`` allows.
    func root(of range: Range<UInt64>) throws -> LogHash {
        try TreeNode.covering(range).map { try hash(of: $0) }.foldedFromRight()
    }
}
