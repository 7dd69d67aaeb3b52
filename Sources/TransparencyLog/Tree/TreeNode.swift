/// The place of a complete subtree: the one over the leaves from `index << level` up to `(index + 1) << level`.
public struct TreeNode: Hashable, Sendable {
    /// How far above the leaves; a leaf is at 0.
    public let level: Int
    /// Which one of its level, from the left, beginning with 0.
    public let index: UInt64

    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// The complete subtrees that make up the leaves of `range`, from left to right.
    ///
    /// `range` is one that the recursion of RFC 6962 §2.1 meets: it begins at a multiple of the smallest power of two
    /// that is at least its count. Their sizes then fall from left to right, one for each bit of the count.
    static func covering(_ range: Range<UInt64>) -> [TreeNode] {
        var rest = range.upperBound - range.lowerBound
        var start = range.lowerBound
        var nodes: [TreeNode] = []
        nodes.reserveCapacity(rest.nonzeroBitCount)
        while rest != 0 {
            let level = 63 - rest.leadingZeroBitCount
            nodes.append(TreeNode(level: level, index: start >> level))
            start &+= 1 << level
            rest ^= 1 << level
        }
        return nodes
    }

    /// The complete subtrees of a tree with `size` leaves, from left to right: those of its right edge.
    public static func edge(ofSize size: UInt64) -> [TreeNode] { covering(0..<size) }
}

extension Range<UInt64> {
    /// Where RFC 6962 §2.1 splits a tree of these leaves, at least two: at the largest power of two below their count.
    var halvesOfTree: (left: Range, right: Range) {
        let count = upperBound - lowerBound
        let middle = lowerBound + (1 << (63 - (count - 1).leadingZeroBitCount))
        return (lowerBound..<middle, middle..<upperBound)
    }
}

extension Collection<LogHash> {
    /// The hash over neighbouring complete subtrees, whose sizes fall from left to right; of no subtree, the empty one.
    func foldedFromRight() -> LogHash {
        reversed().reduce(nil) { right, left in right.map { LogHash.node(left, $0) } ?? left } ?? .empty
    }
}
