/// The limits of a SQLite database.
public struct SQLiteSettings: Sendable {
    /// Connections that read, 1 or more. They read side by side and beside the writer.
    public var readers = 4
    /// Writes that may wait for the writer. One more is refused with `StorageError.Code.unavailable`.
    public var waitingWrites = 10_000
    /// Writes that share one commit, at most.
    public var writesPerCommit = 256
    /// How long the writer collects writes before it commits what it has.
    public var commitInterval = Duration.milliseconds(10)
    /// How long the writer waits for company before it begins a commit, while its commits have company at all: without it
    /// commits are a quarter as large and each write costs a tenth more of a processor. A client that is alone never
    /// waits.
    public var gathering = Duration.microseconds(300)
    /// The largest size of the database file in bytes, nil for no limit. A write that needs more is refused with
    /// `StorageError.Code.unavailable`.
    public var largestFile: Int64?
    /// How long a write waits for another process, such as a backup, that has locked the file.
    public var lockWait = Duration.seconds(5)
    /// How long `forgetDeleted` waits for those who read an older state.
    public var readerWait = Duration.seconds(3)
    /// Pages (4 KiB) in the write-ahead log after which they are copied into the database file.
    public var checkpointPages = 4_000

    public init() {}
}
