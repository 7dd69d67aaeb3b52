import Storage

/// An entry as it stands in the log: every column of its row. Its canonical text is the log's leaf.
public struct RecordedEntry: Sendable, Equatable {
    public let workspace: String
    /// From 1, without a gap, in each workspace. The leaf's index is one less.
    public let sequence: Int64
    /// How the entry is written: 1.
    public let version: Int64
    /// Unix milliseconds.
    public let time: Int64
    /// Who acted, as `Principal` describes it.
    public let actor: String
    public let action: String
    public let record: String
    public let agent: String
    public let outcome: String
    public let request: String
    public let detail: String
    /// What the personal part is known by, even after it was erased; nil where the entry has none.
    public let commitment: [UInt8]?
    /// The personal part, sealed.
    public let personal: [UInt8]?

    init(
        workspace: String, sequence: Int64, version: Int64, time: Int64, actor: String, action: String, record: String,
        agent: String, outcome: String, request: String, detail: String, commitment: [UInt8]?, personal: [UInt8]?
    ) {
        self.workspace = workspace
        self.sequence = sequence
        self.version = version
        self.time = time
        self.actor = actor
        self.action = action
        self.record = record
        self.agent = agent
        self.outcome = outcome
        self.request = request
        self.detail = detail
        self.commitment = commitment
        self.personal = personal
    }

    /// Reads the columns after the workspace in the order of the properties.
    init(_ row: Row, workspace: String) throws(StorageError) {
        self.workspace = workspace
        sequence = try row.integer(0)
        version = try row.integer(1)
        time = try row.integer(2)
        actor = try row.text(3)
        action = try row.text(4)
        record = try row.text(5)
        agent = try row.text(6)
        outcome = try row.text(7)
        request = try row.text(8)
        detail = try row.text(9)
        commitment = try row.optionalBytes(10)
        personal = try row.optionalBytes(11)
    }
}
