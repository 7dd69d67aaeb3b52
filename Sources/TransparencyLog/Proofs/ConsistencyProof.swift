/// That a tree extends an earlier one: its first leaves are those of the earlier one (RFC 6962 §2.1.2).
public struct ConsistencyProof: Hashable, Sendable {
    /// The hashes in the RFC's order; none where the earlier tree is empty or the same.
    public let hashes: [LogHash]

    /// A proof that was received.
    public init(_ hashes: [LogHash]) { self.hashes = hashes }

    /// The proof that the tree of `newer` leaves, whose hashes `source` has, extends the tree of its first `older`.
    /// - Throws: ``LogError`` with `badRange` if `older` is larger; what `source` throws.
    public init(from older: UInt64, to newer: UInt64, in source: some HashSource) throws {
        hashes = try Self.ranges(from: older, to: newer).map { try source.root(of: $0) }
    }

    /// The complete subtrees whose hashes the proof is made of.
    /// - Throws: ``LogError`` with `badRange` if `older` is larger.
    public static func nodes(from older: UInt64, to newer: UInt64) throws(LogError) -> [TreeNode] {
        try ranges(from: older, to: newer).flatMap(TreeNode.covering)
    }

    /// The leaves below each hash of the proof: SUBPROOF of RFC 6962 §2.1.2, from its end to its beginning.
    private static func ranges(from older: UInt64, to newer: UInt64) throws(LogError) -> [Range<UInt64>] {
        guard older <= newer else { throw LogError(.badRange, "A smaller tree does not extend a larger one.") }
        guard older > 0 else { return [] }
        var rest = 0..<newer
        var reversed: [Range<UInt64>] = []
        while older != rest.upperBound {
            let halves = rest.halvesOfTree
            if older <= halves.left.upperBound {
                reversed.append(halves.right)
                rest = halves.left
            } else {
                reversed.append(halves.left)
                rest = halves.right
            }
        }
        // Where the recursion ends at the whole older tree, its root is what the verifier has.
        if rest.lowerBound > 0 { reversed.append(rest) }
        return reversed.reversed()
    }
}
