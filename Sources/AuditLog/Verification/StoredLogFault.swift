/// What is wrong with a log in its database beside the entries, tiles and checkpoint that everybody gets.
public struct StoredLogFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The number of the first entry that it is about, from 1; nil where it is about the log as a whole.
    public let entry: UInt64?
    public let reason: String

    init(entry: UInt64? = nil, _ reason: String) {
        self.entry = entry
        self.reason = reason
    }

    public var description: String { reason }
}
