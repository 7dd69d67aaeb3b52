/// How far the audit logs are signed, and what was signed since the start.
public struct SequencingFigures: Sendable, Equatable {
    /// Logs that are signed as far as they go, that wait for it, and that an operator has to look after.
    public var fine = 0
    public var waiting = 0
    public var refused = 0
    /// Heads that the enclave signed since the start.
    public var signedHeads = 0
    /// Entries that these took in.
    public var signedEntries = 0
    /// When all logs were last found signed, in Unix milliseconds; nil before.
    public var settledAt: Int64?
}
