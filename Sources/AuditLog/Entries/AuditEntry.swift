/// One line of the audit log: who did what to which record, when, from where, and how it ended. Never a code, a key or a
/// token. Where it came from and whose contact it is about are sealed apart (``PersonalPart``) and can be erased.
public struct AuditEntry: Equatable, Sendable {
    public var workspace: String
    /// Unix milliseconds.
    public var time: Int64
    public var action: AuditAction
    /// The identifier of what was acted on.
    public var record: String
    /// The agent that it is about; empty where it is about none.
    public var agent: String
    public var outcome: AuditOutcome
    public var origin: RequestOrigin
    /// The person that it is about, who need not be the one who acted; nil where it is about none.
    public var subject: AuditSubject?
    /// A short reason from a fixed vocabulary, such as a delivery failure's; empty if there is none. Cut to
    /// ``detailLimit``.
    public var detail: String

    /// UTF-8 bytes kept of a detail, so that an entry always fits a bundle of entries, whatever has to be escaped in it.
    public static let detailLimit = 4_000

    /// Stands for the whole installation where an entry is about no workspace.
    public static let instance = "-"

    public init(
        workspace: String, time: Int64, action: AuditAction, record: String, agent: String = "",
        outcome: AuditOutcome = .done, origin: RequestOrigin, subject: AuditSubject? = nil, detail: String = ""
    ) {
        self.workspace = workspace
        self.time = time
        self.action = action
        self.record = record
        self.agent = agent
        self.outcome = outcome
        self.origin = origin
        self.subject = subject
        self.detail = String(decoding: detail.utf8.prefix(Self.detailLimit), as: UTF8.self)
    }
}
