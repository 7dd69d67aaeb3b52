import Storage

/// Which entries somebody wants to see. All that is set has to fit.
public struct AuditFilter: Sendable, Equatable {
    public var agent: String?
    /// The identifier of what was acted on.
    public var record: String?
    /// Whose personal part an entry has: nobody's, once that person was erased.
    public var person: AuditPerson?
    public var action: AuditAction?
    /// Unix milliseconds, both included.
    public var from: Int64?
    public var to: Int64?
    /// Only entries in front of that sequence number, for reading on.
    public var before: Int64?

    public init(
        agent: String? = nil, record: String? = nil, person: AuditPerson? = nil, action: AuditAction? = nil
    ) {
        self.agent = agent
        self.record = record
        self.person = person
        self.action = action
    }
}
