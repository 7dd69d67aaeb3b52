/// The hashes of one tile, from left to right.
public struct Tile: Hashable, Sendable {
    /// 1 to 256 hashes of one level.
    public let hashes: [LogHash]

    /// The tile of these hashes.
    /// - Throws: ``LogError`` with `badTile` unless they are 1 to 256.
    public init(_ hashes: [LogHash]) throws(LogError) {
        guard (1...TilePath.fullWidth).contains(hashes.count) else {
            throw LogError(.badTile, "A tile has 1 to \(TilePath.fullWidth) hashes.")
        }
        self.hashes = hashes
    }

    /// Reads a tile as it is served: its hashes, one after the other.
    /// - Throws: ``LogError`` with `badTile` unless there are `width` of them.
    public init(decoding bytes: [UInt8], width: Int) throws(LogError) {
        guard bytes.count == width * LogHash.length else {
            throw LogError(.badTile, "A tile of \(width) hashes has \(width * LogHash.length) bytes.")
        }
        var hashes: [LogHash] = []
        hashes.reserveCapacity(width)
        for start in stride(from: 0, to: bytes.count, by: LogHash.length) {
            hashes.append(try LogHash(bytes[start..<(start + LogHash.length)]))
        }
        try self.init(hashes)
    }

    /// As it is served.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * LogHash.length)
        for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// The hash over all of them: of a full tile, the one that stands for it in the level above.
    public var root: LogHash { TreeEdge(leaves: hashes).root }

    /// The hash over those in `positions`, which are as many as some power of two and begin at a multiple of it.
    func root(of positions: Range<Int>) -> LogHash { TreeEdge(leaves: hashes[positions]).root }
}
