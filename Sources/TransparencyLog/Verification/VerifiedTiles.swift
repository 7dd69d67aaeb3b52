/// The tiles of a log from a source, each checked against the one above when it is read.
struct VerifiedTiles<Source: LogSource> {
    private let source: Source
    private let head: TreeHead
    private var edge = RightEdge()
    private let edgeFits: Bool
    /// Of each level the full tile that was read last: what is below it comes next.
    private var latest: [Int: (path: TilePath, tile: Tile)] = [:]

    /// Reads the tiles at the right edge.
    init(_ source: Source, _ head: TreeHead) async throws {
        self.source = source
        self.head = head
        var edge = RightEdge()
        for (level, path) in RightEdge.paths(ofSize: head.size) {
            edge.put(try await Tile(path, from: source), atLevel: level)
        }
        self.edge = edge
        edgeFits = edge.root == head.root
    }

    /// Says so if the right edge does not lead to the root and nothing else was found that explains it.
    func checkRoot() throws(LogFault) {
        guard edgeFits else {
            throw LogFault(
                .checkpoint, "Entries and tiles fit together, but their root is not the one that was signed.")
        }
    }

    /// Checks the entries of a tile of level 0, and the tile.
    mutating func checkEntries(beside path: TilePath) async throws {
        let leaves = try await BundleLeaves(path, from: source)
        let tile = path.isPartial ? edge.tiles[0] : try await Tile(path, from: source)
        guard let tile else { throw LogFault(.tile(path), LogFault.missing) }
        if leaves.fit(tile) { return try await check(tile, at: path) }
        // Which of the two is wrong is known where the other one is what the tree was made of.
        if let other = leaves.tile, try await belongs(other, at: path) {
            throw LogFault(.tile(path), "Its hashes are not those of the entries, which fit.")
        }
        throw leaves.fault(beside: tile)
    }

    /// Whether `tile` is what the signed tree has at the path of a tile of level 0.
    private mutating func belongs(_ tile: Tile, at path: TilePath) async throws -> Bool {
        if path.isPartial { return edge.root(with: tile, atLevel: 0) == head.root }
        return try await hash(above: path).map { $0.hash == tile.root } ?? false
    }

    /// Checks a full tile against the hash in the tile above it. Partial ones are checked with the right edge.
    private mutating func check(_ tile: Tile, at path: TilePath) async throws {
        guard let above = try await hash(above: path) else { return }
        let root = tile.root
        guard above.hash != root else { return }
        guard let fitting = try? Tile(above.tile.hashes.enumerated().map { $0 == above.position ? root : $1 }),
            above.path.isPartial, edge.root(with: fitting, atLevel: above.level) == head.root
        else { throw LogFault(.tile(path), "What is below it is not what the tile above says.") }
        throw LogFault(.tile(above.path), "Its hash \(above.position) is not that of \(path), which fits.")
    }

    private struct Above {
        let path: TilePath
        let level: Int
        let tile: Tile
        let position: Int
        var hash: LogHash { tile.hashes[position] }
    }

    private mutating func hash(above path: TilePath) async throws -> Above? {
        guard let above = path.above(inTreeOf: head.size), case .hashes(let level) = above.path.content else {
            return nil
        }
        let tile = try await upperTile(above.path, level)
        return Above(path: above.path, level: level, tile: tile, position: above.position)
    }

    /// A tile above level 0, checked itself.
    private mutating func upperTile(_ path: TilePath, _ level: Int) async throws -> Tile {
        if path.isPartial, let tile = edge.tiles[level] { return tile }
        if let kept = latest[level], kept.path == path { return kept.tile }
        let tile = try await Tile(path, from: source)
        try await check(tile, at: path)
        latest[level] = (path, tile)
        return tile
    }
}
