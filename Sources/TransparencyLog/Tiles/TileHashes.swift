/// The hashes of a tree that is kept in tiles.
///
/// Which tiles a proof takes is known before: ``TilePath/init(holding:inTreeOf:)`` of each node that
/// ``InclusionProof/nodes(of:in:)`` or ``ConsistencyProof/nodes(from:to:)`` names.
public struct TileHashes: HashSource {
    private let size: UInt64
    private let read: (TilePath) throws -> Tile
    private let last = LastTile()

    /// The tile that was read last: neighbours in a proof often come from the same one.
    private final class LastTile {
        var tile: (path: TilePath, tile: Tile)?
    }

    /// The hashes of a tree of `size` leaves; `read` gives its tiles, each as wide as it is at that size.
    public init(size: UInt64, read: @escaping (TilePath) throws -> Tile) {
        self.size = size
        self.read = read
    }

    /// - Throws: ``LogError`` with `badRange` for a subtree that the tree does not have, with `badTile` for a tile that is
    ///   narrower than asked for; what reading throws.
    public func hash(of node: TreeNode) throws -> LogHash {
        guard let path = TilePath(holding: node, inTreeOf: size) else {
            throw LogError(.badRange, "A tree of \(size) entries does not have this subtree.")
        }
        let tile = try tile(path)
        let positions = TilePath.positions(of: node)
        guard positions.upperBound <= tile.hashes.count else {
            throw LogError(.badTile, "\(path) has only \(tile.hashes.count) hashes.")
        }
        return tile.root(of: positions)
    }

    private func tile(_ path: TilePath) throws -> Tile {
        if let kept = last.tile, kept.path == path { return kept.tile }
        let tile = try read(path)
        last.tile = (path, tile)
        return tile
    }
}
