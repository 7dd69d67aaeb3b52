import AuditLog
import Storage
import Workspaces

/// Ends what agents were permitted and what they asked for, when the agent or its key ends.
public struct PermissionEndings: Sendable {
    /// Whose permissions end.
    enum Subject: Sendable {
        case ofKey(String, agent: String)
        case ofAgent(String)
        case ofWorkspace
    }

    let journal: PermissionJournal
    let clock: WallClock

    public init(journal: PermissionJournal, clock: WallClock = .system) {
        self.journal = journal
        self.clock = clock
    }

    /// Ends all that is pending or approved, in the unit of work that ends the subject. Returns what changed.
    func end(
        _ subject: Subject, workspace: String, reason: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws -> [PermissionChange] {
        throw PermissionError.unavailable("not built yet")
    }

    /// Lets nothing that a key opened outlive the key, which ends at `end`.
    func shorten(
        toKey key: String, of agent: String, workspace: String, end: Int64, now: Int64, in transaction: any Transaction
    ) throws {
        throw PermissionError.unavailable("not built yet")
    }

    /// Tells those who wait, after the unit of work was committed.
    func announce(_ changes: [PermissionChange]) { journal.announce(changes) }
}
