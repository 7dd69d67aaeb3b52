import AuditLog
import Storage
import Workspaces

/// What every change of a permission takes along: its audit entry and its outgoing webhooks in the same unit of work,
/// and afterwards word to those who wait.
public struct PermissionJournal: Sendable {
    let events: PermissionEvents
    let counters: PermissionCounters
    let outbox: (any WebhookOutbox)?
    let audit: AuditTrail

    public init(
        audit: AuditTrail, events: PermissionEvents, counters: PermissionCounters,
        outbox: (any WebhookOutbox)? = nil
    ) {
        self.audit = audit
        self.events = events
        self.counters = counters
        self.outbox = outbox
    }

    /// Records a change in its unit of work.
    func record(
        _ change: PermissionChange, as action: AuditAction, outcome: AuditOutcome = .done, origin: RequestOrigin,
        detail: String = "", in transaction: any Transaction
    ) throws(StorageError) {
        let permission = change.permission
        try audit.append(
            AuditEntry(
                workspace: permission.workspace, time: change.time, action: action, record: permission.id,
                agent: permission.agent, outcome: outcome, origin: origin, detail: detail), in: transaction)
        if permission.mode == .live { try outbox?.enqueue(change, in: transaction) }
    }

    /// Ends a permission whose row cannot be read, so that it holds up nobody: an entry of the audit says so, once, and
    /// nobody is told.
    func end(
        unreadable id: String, workspace: String, _ status: PermissionStatus, origin: RequestOrigin, at now: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        let ended = try transaction.execute(
            """
            UPDATE permission SET status = $3, ended_at = $4
            WHERE workspace = $1 AND id = $2 AND status IN ('pending', 'approved')
            """, [.text(workspace), .text(id), .text(status.rawValue), .integer(now)])
        guard ended == 1 else { return }
        try audit.append(
            AuditEntry(
                workspace: workspace, time: now, action: status == .expired ? .permissionExpired : .permissionRevoked,
                record: id, outcome: .failed, origin: origin, detail: "unreadable"), in: transaction)
    }

    /// Tells those who wait, after the changes were committed.
    func announce(_ changes: [PermissionChange]) {
        for change in changes {
            events.publish(change.permission)
            let ended = change.kind == .expired || change.kind == .revoked
            if ended, change.permission.mode == .live, change.permission.isCollected, change.permission.uses == 0 {
                counters.add(.tokenUnused)
            }
        }
    }

    /// Counts a request, after it was committed. Test keys count nowhere.
    func count(request permission: Permission) {
        guard permission.mode == .live else { return }
        switch permission.decision?.approved {
        case nil: counters.add(.requestPending)
        case true:
            counters.add(.requestApproved)
            counters.add(.approval(.policy))
            if permission.isCollected { counters.add(.tokenIssued) }
        case false:
            counters.add(.requestDenied)
            counters.add(.denial(.policy))
        }
    }
}
