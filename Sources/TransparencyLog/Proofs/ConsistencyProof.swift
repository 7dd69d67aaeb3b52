/// That a tree extends an earlier one: its first leaves are those of the earlier one (RFC 6962 §2.1.2).
public struct ConsistencyProof: Hashable, Sendable {
    /// As many hashes as the proof of the longest tree can have.
    public static let maximumCount = 64

    /// The hashes in the RFC's order; none where the earlier tree is empty or the same.
    public let hashes: [LogHash]

    /// A proof that was received.
    public init(_ hashes: [LogHash]) { self.hashes = hashes }

    /// The proof that the tree of `newer` leaves, whose hashes `source` has, extends the tree of its first `older`.
    /// - Throws: ``LogError`` with `badRange` if `older` is larger; what `source` throws.
    public init(from older: UInt64, to newer: UInt64, in source: some HashSource) throws {
        guard older <= newer else { throw LogError(.badRange, "A smaller tree does not extend a larger one.") }
        guard older > 0, older < newer else {
            hashes = []
            return
        }
        hashes = try Self.ranges(from: older, to: newer).map(source.root)
    }

    /// The subtrees whose hashes are the proof: SUBPROOF of RFC 6962 §2.1.2, from the end.
    private static func ranges(from older: UInt64, to newer: UInt64) -> [Range<UInt64>] {
        var rest = 0..<newer
        var reversed: [Range<UInt64>] = []
        while older != rest.upperBound {
            let split = rest.lowerBound + (rest.upperBound - rest.lowerBound).splitOfTree
            if older <= split {
                reversed.append(split..<rest.upperBound)
                rest = rest.lowerBound..<split
            } else {
                reversed.append(rest.lowerBound..<split)
                rest = split..<rest.upperBound
            }
        }
        // A verifier has the older root; where that is what the recursion ends at, the proof need not repeat it.
        if rest.lowerBound > 0 { reversed.append(rest) }
        return reversed.reversed()
    }
}
