import Figures

/// What a database has done since it was opened, and what waits now.
public struct StorageFigures: Sendable, Equatable {
    /// Units of work that wait to be written; `limit` of them, and the next is refused.
    public var waitingWrites: Int
    public var waitingLimit: Int
    /// Units of work that a commit had, those that failed among them.
    public var writes: Int
    /// Commits, each for all units that waited.
    public var commits: Int
    /// How long it took to bring commits to the disk.
    public var synchronizations: DurationHistogram
    /// Whether everything is refused until the process is started again, because the disk failed to keep what was written.
    public var isRefusing: Bool
}
