/// What a log says it is at one moment: how many entries it has, and the root over all of them.
public struct TreeHead: Hashable, Sendable {
    /// The number of entries.
    public let size: UInt64
    /// The Merkle tree hash of all entries (RFC 6962 §2.1).
    public let root: LogHash

    public init(size: UInt64, root: LogHash) {
        self.size = size
        self.root = root
    }

    /// A log without entries.
    public static let empty = TreeHead(size: 0, root: .empty)
}
