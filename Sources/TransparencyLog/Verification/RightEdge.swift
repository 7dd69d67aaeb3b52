/// The partial tiles at the right edge of a tree, one at most of each level. Nothing is above them but the root.
struct RightEdge {
    /// By level.
    private(set) var tiles: [Int: Tile] = [:]

    /// The paths of the partial tiles of a tree of `size` leaves.
    static func paths(ofSize size: UInt64) -> [(level: Int, path: TilePath)] {
        (0..<8).compactMap { level in
            let last = size >> ((level + 1) * TilePath.height)
            return TilePath(level: level, number: last, inTreeOf: size).map { (level, $0) }
        }
    }

    mutating func put(_ tile: Tile, atLevel level: Int) { tiles[level] = tile }

    /// The root of the whole tree.
    var root: LogHash {
        tiles.sorted { $0.key > $1.key }.flatMap { TreeEdge(leaves: $0.value.hashes).hashes }.foldedFromRight()
    }

    /// The root that the tree would have with another tile at `level`.
    func root(with tile: Tile, atLevel level: Int) -> LogHash {
        var other = self
        other.put(tile, atLevel: level)
        return other.root
    }
}
