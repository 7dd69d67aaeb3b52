import TransparencyLog

/// A tree that grows beyond its last checkpoint: its right edge, and the tiles that change with it.
struct GrowingTree {
    private(set) var edge: TreeEdge
    /// The tiles that were filled since, by place.
    private var filled: [TilePlace: [LogHash]] = [:]
    /// The levels whose last tile got hashes since.
    private var grown: Set<Int> = []
    /// The hashes of the last tile of each level, from the leaves up; none where the next hash begins one.
    private var ends: [[LogHash]]

    /// The tree of `size` leaves whose tiles are stored. Throws where tiles are missing or too short.
    init(size: UInt64, from tiles: StoredTiles) throws {
        edge = try TreeEdge(size: size, from: tiles.hashes(ofSize: size))
        ends = []
        var rest = size
        while rest > 0 {
            let last = rest / UInt64(TilePath.fullWidth)
            let path = TilePath(level: ends.count, number: last, inTreeOf: size)
            ends.append(try path.map { try tiles.tile($0).hashes } ?? [])
            rest = last
        }
    }

    /// The tiles that got hashes since, whole, by place.
    var changed: [TilePlace: [LogHash]] {
        var changed = filled
        for level in grown where !ends[level].isEmpty {
            changed[TilePlace(level: level, number: edge.size >> (8 * (level + 1)))] = ends[level]
        }
        return changed
    }

    mutating func append(_ leaf: LogHash) {
        let index = edge.size
        edge.append(leaf)
        append(leaf, level: 0, index: index)
    }

    /// Appends a hash to the last tile of a level; a tile that is full then is a hash of the next level.
    private mutating func append(_ hash: LogHash, level: Int, index: UInt64) {
        if ends.count == level { ends.append([]) }
        ends[level].append(hash)
        grown.insert(level)
        guard ends[level].count == TilePath.fullWidth else { return }
        let number = index / UInt64(TilePath.fullWidth)
        let above = TreeEdge(leaves: ends[level]).root
        filled[TilePlace(level: level, number: number)] = ends[level]
        ends[level] = []
        append(above, level: level + 1, index: number)
    }
}
