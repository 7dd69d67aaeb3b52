/// The hashes of the entries of one bundle, read as far as it can be.
struct BundleLeaves {
    private let path: TilePath
    private var hashes: [LogHash] = []
    private let hasMore: Bool

    /// Reads the entries beside a tile of level 0; none where the source has none.
    init(_ path: TilePath, from source: some LogSource) async throws {
        self.path = path
        let bundle = TilePath(unchecked: .entries, number: path.number, width: path.width)
        var reader = EntryReader(try await source.contents(of: bundle) ?? [])
        hashes.reserveCapacity(path.width)
        while hashes.count < path.width, let entry = reader.next() { hashes.append(.leaf(entry)) }
        hasMore = !reader.isAtEnd
    }

    /// The tile that they make; nil unless there are exactly as many as there should be.
    var tile: Tile? { hashes.count == path.width && !hasMore ? try? Tile(hashes) : nil }

    /// Whether they are what `tile` has, one for one.
    func fit(_ tile: Tile) -> Bool { !hasMore && hashes == tile.hashes }

    /// What is the first of them that does not fit `tile`.
    func fault(beside tile: Tile) -> LogFault {
        let differing = zip(hashes, tile.hashes).enumerated().first { $1.0 != $1.1 }?.offset
        let index = path.firstEntry + UInt64(differing ?? hashes.count)
        if differing != nil { return LogFault(.entry(index), "It is not the entry that the log has there.") }
        return LogFault(.entry(index), hasMore ? "What stands there is no entry of the log." : LogFault.missing)
    }
}
