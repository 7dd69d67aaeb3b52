extension Tile {
    /// A tile of hashes as a source gives it. Throws ``LogFault`` where there is none; what the source throws.
    init(_ path: TilePath, from source: some LogSource) async throws {
        guard let bytes = try await source.contents(of: path) else { throw LogFault(.tile(path), LogFault.noTile) }
        do { try self.init(decoding: bytes, width: path.width) } catch {
            throw LogFault(.tile(path), error.message)
        }
    }
}
