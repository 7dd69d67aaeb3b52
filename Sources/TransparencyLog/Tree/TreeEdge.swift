/// The right edge of a growing tree: all that is needed to append leaves and to know the root, at most 64 hashes.
public struct TreeEdge: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64
    /// The hashes of the complete subtrees that make up the tree, from left to right, one for each bit of the size;
    /// their places are ``TreeNode/edge(ofSize:)``.
    public private(set) var hashes: [LogHash]

    /// The edge of an empty tree.
    public init() {
        size = 0
        hashes = []
    }

    /// The edge of a tree with these leaves.
    public init(leaves: some Collection<LogHash>) {
        self.init()
        for leaf in leaves { append(leaf) }
    }

    /// The edge of a tree of `size` leaves, from hashes that were kept.
    /// - Throws: ``LogError`` with `badEdge` unless there is one for each bit of the size.
    public init(size: UInt64, hashes: [LogHash]) throws(LogError) {
        guard hashes.count == size.nonzeroBitCount else {
            throw LogError(.badEdge, "A tree of \(size) entries has an edge of \(size.nonzeroBitCount) hashes.")
        }
        self.size = size
        self.hashes = hashes
    }

    /// The edge of a tree of `size` leaves whose hashes `source` has.
    public init(size: UInt64, from source: some HashSource) throws {
        self.size = size
        hashes = try TreeNode.edge(ofSize: size).map { try source.hash(of: $0) }
    }

    /// Appends the hash of a leaf, as ``LogHash/leaf(_:)`` makes it.
    public mutating func append(_ leaf: LogHash) {
        var hash = leaf
        // Each one bit at the end of the size is a complete subtree that the new leaf completes to one twice as large.
        for _ in 0..<(~size).trailingZeroBitCount { hash = .node(hashes.removeLast(), hash) }
        hashes.append(hash)
        size += 1
    }

    /// The root over all leaves.
    public var root: LogHash { hashes.foldedFromRight() }

    /// The size with its root.
    public var head: TreeHead { TreeHead(size: size, root: root) }
}
