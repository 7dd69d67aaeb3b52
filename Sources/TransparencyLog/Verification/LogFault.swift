/// The first thing in a log that does not fit.
public struct LogFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What does not fit.
    public enum Place: Sendable, Hashable {
        /// The checkpoint, or all of the log with it.
        case checkpoint
        /// A tile, or everything below it together.
        case tile(TilePath)
        /// An entry, by its index, beginning with 0.
        case entry(UInt64)
    }

    /// What does not fit.
    public let place: Place
    /// Why.
    public let reason: String

    static let missing = "It is missing."
    static let noTile = "It is missing, or what is there is no tile of hashes."

    /// What does not fit, and why.
    public init(_ place: Place, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    /// The index of the first entry that is in doubt: all before it, down to where the verification began, fit.
    public var firstEntry: UInt64 {
        switch place {
        case .checkpoint: 0
        case .entry(let index): index
        case .tile(let path): path.firstEntry
        }
    }

    public var description: String {
        switch place {
        case .checkpoint: "checkpoint: \(reason)"
        case .tile(let path): "\(path): \(reason)"
        case .entry(let index): "entry \(index + 1): \(reason)"
        }
    }
}
