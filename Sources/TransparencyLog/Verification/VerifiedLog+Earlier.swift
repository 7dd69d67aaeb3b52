extension VerifiedLog {
    /// Checks that this log is, or has grown from, the one that a checkpoint of the same key was signed for: one that
    /// somebody kept elsewhere.
    ///
    /// - Parameter source: where this log lies; its tiles are read once more and nothing of them is believed.
    /// - Throws: ``LogFault`` where it has not; what the source throws.
    public func requireExtension(of kept: Checkpoint, from source: some LogSource) async throws {
        guard kept.size <= checkpoint.size else {
            throw LogFault(
                .checkpoint,
                """
                This log has been cut or put back: the checkpoint of \(kept.size) entries was signed, and the log has \
                only \(checkpoint.size).
                """)
        }
        let proof = try await ConsistencyProof(from: kept.size, to: checkpoint.size, readFrom: source)
        do { try proof.verify(from: kept.head, to: checkpoint.head) } catch {
            throw LogFault(
                .checkpoint,
                "This log was changed: its first \(kept.size) entries do not have the root that was signed for them.")
        }
    }
}

extension ConsistencyProof {
    /// The proof from the tiles of a log of `newer` entries.
    fileprivate init(from older: UInt64, to newer: UInt64, readFrom source: some LogSource) async throws {
        var tiles: [TilePath: Tile] = [:]
        for node in try Self.nodes(from: older, to: newer) {
            guard let path = TilePath(holding: node, inTreeOf: newer), tiles[path] == nil else { continue }
            tiles[path] = try await Tile(path, from: source)
        }
        try self.init(
            from: older, to: newer,
            in: TileHashes(size: newer) { path in
                guard let tile = tiles[path] else { throw LogFault(.tile(path), LogFault.missing) }
                return tile
            })
    }
}
