/// Where a log serves a piece of itself (tlog-tiles): 256 hashes of one level of the tree, or 256 entries.
public struct TilePath: Hashable, Sendable {
    /// What a tile holds.
    public enum Content: Hashable, Sendable {
        /// Hashes of complete subtrees of `256^level` leaves; level 0 has the leaves' own.
        case hashes(level: Int)
        /// The entries themselves.
        case entries
    }

    /// The number of hashes or entries in a full tile.
    public static let fullWidth = 256
    /// The highest level of a tile that a path may name; no tree has more than eight.
    public static let highestLevel = 63

    /// What it holds.
    public let content: Content
    /// Which one of its level, from the left, beginning with 0.
    public let number: UInt64
    /// How many hashes or entries it has: 1 to 256.
    public let width: Int

    /// The tile of these parts.
    /// - Throws: ``LogError`` with `badPath` for a width outside of 1 to 256 or a level outside of 0 to 63.
    public init(_ content: Content, number: UInt64, width: Int = fullWidth) throws(LogError) {
        if case .hashes(let level) = content, !(0...Self.highestLevel).contains(level) {
            throw LogError(.badPath, "A tile's level is 0 to \(Self.highestLevel).")
        }
        guard (1...Self.fullWidth).contains(width) else {
            throw LogError(.badPath, "A tile has 1 to \(Self.fullWidth) hashes.")
        }
        self.init(unchecked: content, number: number, width: width)
    }

    init(unchecked content: Content, number: UInt64, width: Int) {
        self.content = content
        self.number = number
        self.width = width
    }

    /// Whether it lacks hashes or entries at its end.
    public var isPartial: Bool { width < Self.fullWidth }
}
