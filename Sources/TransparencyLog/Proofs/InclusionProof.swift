/// That a tree has an entry at an index: the hashes that lead from it to the root (RFC 6962 §2.1.1, an audit path).
public struct InclusionProof: Hashable, Sendable {
    /// The hashes in the RFC's order, from the leaf's neighbour upwards; none in a tree of one leaf.
    public let hashes: [LogHash]

    /// A proof that was received.
    public init(_ hashes: [LogHash]) { self.hashes = hashes }

    /// The proof for the leaf at `index`, counted from 0, in the tree of `size` leaves whose hashes `source` has.
    /// - Throws: ``LogError`` with `badRange` if the tree has no such leaf; what `source` throws.
    public init(of index: UInt64, in size: UInt64, from source: some HashSource) throws {
        hashes = try Self.ranges(of: index, in: size).map { try source.root(of: $0) }
    }

    /// The complete subtrees whose hashes the proof is made of.
    /// - Throws: ``LogError`` with `badRange` if the tree has no such leaf.
    public static func nodes(of index: UInt64, in size: UInt64) throws(LogError) -> [TreeNode] {
        try ranges(of: index, in: size).flatMap(TreeNode.covering)
    }

    /// The leaves below each hash of the proof: PATH of RFC 6962 §2.1.1, from its end to its beginning.
    private static func ranges(of index: UInt64, in size: UInt64) throws(LogError) -> [Range<UInt64>] {
        guard index < size else { throw LogError(.badRange, "A tree of \(size) entries has none at \(index).") }
        var rest = 0..<size
        var reversed: [Range<UInt64>] = []
        while rest.lowerBound + 1 < rest.upperBound {
            let halves = rest.halvesOfTree
            let isLeft = index < halves.left.upperBound
            reversed.append(isLeft ? halves.right : halves.left)
            rest = isLeft ? halves.left : halves.right
        }
        return reversed.reversed()
    }

    /// Checks that the tree of `head` has the leaf with this hash at `index` (RFC 9162 §2.1.3.2).
    /// - Throws: ``LogError`` with `badRange` where the tree is too small, with `badProof` where it does not have the leaf
    ///   there, or the proof has a hash too many or too few.
    public func verify(_ leaf: LogHash, at index: UInt64, in head: TreeHead) throws(LogError) {
        guard index < head.size else {
            throw LogError(.badRange, "A tree of \(head.size) entries has none at \(index).")
        }
        guard root(above: leaf, at: index, in: head.size) == head.root else {
            throw LogError(.badProof, "The proof does not lead from the entry to the root.")
        }
    }

    /// The root that the proof's hashes give; nil where they are too many or too few.
    private func root(above leaf: LogHash, at index: UInt64, in size: UInt64) -> LogHash? {
        var path = ProofPath(of: index, in: size)
        var root = leaf
        for hash in hashes {
            switch path.next() {
            case .left: root = .node(hash, root)
            case .right: root = .node(root, hash)
            case nil: return nil
            }
        }
        return path.isAtRoot ? root : nil
    }
}
