/// The climb from a leaf to the root of a tree, as the verifiers of RFC 9162 §2.1.3.2 and §2.1.4.2 count it.
struct ProofPath {
    /// On which side the next hash of a proof joins.
    enum Side { case left, right }

    private var index: UInt64
    private var last: UInt64

    /// Begins at a leaf of a tree of `size` leaves, which has it.
    init(of leaf: UInt64, in size: UInt64) {
        index = leaf
        last = size - 1
    }

    /// Whether nothing is above any more.
    var isAtRoot: Bool { last == 0 }
    /// Whether all that is reached stands at the left border of the tree.
    var isAtLeftBorder: Bool { index == 0 }

    /// Climbs as far as it comes from the right only.
    mutating func skipRightTurns() { climb((~index).trailingZeroBitCount) }

    /// Takes the next hash of the proof; nil where the root has been reached.
    mutating func next() -> Side? {
        guard !isAtRoot else { return nil }
        defer { climb(1) }
        if index & 1 == 1 { return .left }
        guard index == last else { return .right }
        // Alone at the right border, a node is its own parent until it has a neighbour on its left.
        climb(index.trailingZeroBitCount)
        return .left
    }

    private mutating func climb(_ levels: Int) {
        index >>= levels
        last >>= levels
    }
}
