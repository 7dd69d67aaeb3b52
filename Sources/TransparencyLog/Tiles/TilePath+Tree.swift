extension TilePath {
    /// The number of tree levels from one tile to the next: a full tile has `2^8` hashes.
    static let height = 8

    /// The tile with the hashes of `level` that begin at `number * 256`, as wide as it is in a tree of `size` leaves;
    /// nil where the tree has none of them.
    public init?(level: Int, number: UInt64, inTreeOf size: UInt64) {
        guard let width = Self.width(hashes: size >> (level * Self.height), number: number) else { return nil }
        self.init(unchecked: .hashes(level: level), number: number, width: width)
    }

    /// The entries that begin at `number * 256`, as many as a log of `size` has of them; nil where it has none.
    public init?(entries number: UInt64, inLogOf size: UInt64) {
        guard let width = Self.width(hashes: size, number: number) else { return nil }
        self.init(unchecked: .entries, number: number, width: width)
    }

    /// The tile from which the hash of a complete subtree comes, as wide as it is in a tree of `size` leaves; nil where
    /// the tree does not have the whole subtree.
    public init?(holding node: TreeNode, inTreeOf size: UInt64) {
        guard (0..<64).contains(node.level), node.index < size >> node.level else { return nil }
        self.init(level: node.level / Self.height, number: Self.first(of: node) / Self.full, inTreeOf: size)
    }

    /// The tile one level up with the hash over this one, for a full tile of a tree of `size` leaves, and where in it;
    /// nil for a partial one, which has none, and for entries.
    func above(inTreeOf size: UInt64) -> (path: TilePath, position: Int)? {
        guard !isPartial, case .hashes(let level) = content,
            let path = TilePath(level: level + 1, number: number / Self.full, inTreeOf: size)
        else { return nil }
        return (path, Int(number % Self.full))
    }

    /// The index of the first entry below it.
    var firstEntry: UInt64 {
        switch content {
        case .hashes(let level): number << ((level + 1) * Self.height)
        case .entries: number << Self.height
        }
    }

    /// The places of the hashes, within the tile that holds them, over which the hash of `node` is.
    static func positions(of node: TreeNode) -> Range<Int> {
        let start = Int(first(of: node) % full)
        return start..<(start + (1 << (node.level % height)))
    }

    private static let full = UInt64(fullWidth)

    /// Which hash of its tile's level is the first below `node`.
    private static func first(of node: TreeNode) -> UInt64 { node.index << (node.level % height) }

    private static func width(hashes: UInt64, number: UInt64) -> Int? {
        let (start, tooLarge) = number.multipliedReportingOverflow(by: full)
        guard !tooLarge, start < hashes else { return nil }
        return Int(Swift.min(hashes - start, full))
    }
}
