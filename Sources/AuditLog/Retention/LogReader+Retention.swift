import Storage

/// How long a workspace's log is kept, and what is left of it.
public struct RetentionState: Equatable, Sendable {
    /// What holds now.
    public let terms: RetentionTerms
    /// The index of the first entry that is kept: how many were pruned.
    public let minimum: UInt64
    /// When the next 256 entries may be pruned, in Unix milliseconds; nil where nothing is to be pruned, or the log has not
    /// so many yet.
    public let nextPruning: Int64?
}

extension LogReader {
    /// Throws `damaged`, `unavailable`.
    public func retention(of workspace: String) async throws(LogReadingError) -> RetentionState {
        try await database.read(throwing: LogReadingError.self) { transaction in
            let history = try RetentionHistory.find(workspace, in: transaction)
            let log = try StoredLog.find(workspace, in: transaction)
            let front = try log.flatMap { try FrontBundle(at: $0.minimum, of: $0, in: transaction) }
            return RetentionState(
                terms: history.changes.last?.terms ?? RetentionTerms(), minimum: log?.minimum ?? 0,
                nextPruning: front?.end(under: history))
        }
    }
}
