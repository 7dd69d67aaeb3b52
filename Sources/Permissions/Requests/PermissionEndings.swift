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
        var changes: [PermissionChange] = []
        for id in try open(subject, workspace: workspace, in: transaction) {
            guard let record = try PermissionRecord.find(id, workspace: workspace, in: transaction) else { continue }
            let change = try revoke(record.permission, reason: reason, origin: origin, in: transaction)
            if let change { changes.append(change) }
        }
        return changes
    }

    /// Ends one permission. Nil if it had ended before.
    func revoke(
        _ permission: Permission, reason: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) -> PermissionChange? {
        let now = clock.now()
        let changed = try transaction.execute(
            """
            UPDATE permission SET status = 'revoked', reason = $3, ended_at = $4
            WHERE workspace = $1 AND id = $2 AND status IN ('pending', 'approved') AND expires_at > $4
            """, [.text(permission.workspace), .text(permission.id), .text(reason), .integer(now)])
        guard changed == 1 else { return nil }
        var revoked = permission
        revoked.status = .revoked
        revoked.reason = reason
        revoked.endedAt = now
        let change = PermissionChange(kind: .revoked, permission: revoked, time: now)
        try journal.record(
            change, as: .permissionRevoked, origin: origin, detail: permission.status.rawValue, in: transaction)
        return change
    }

    /// Lets nothing that a key opened outlive the key, which ends at `end`, Unix milliseconds.
    func shorten(
        toKey key: String, of agent: String, workspace: String, end: Int64, in transaction: any Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE permission SET expires_at = $5
            WHERE workspace = $1 AND agent = $2 AND id >= $3 AND api_key = $4 AND expires_at > $5
                AND status IN ('pending', 'approved')
            """,
            [.text(workspace), .text(agent), .text(Self.oldestOpen(at: clock.now())), .text(key), .integer(end)])
    }

    /// Tells those who wait, after the unit of work was committed.
    func announce(_ changes: [PermissionChange]) { journal.announce(changes) }

    /// What is open was made within the longest lifetime: so the rows before need not be looked at.
    private static func oldestOpen(at now: Int64) -> String {
        PermissionIdentifier.first(at: now - Int64(PermissionWish.lifetimes.upperBound) * 1000)
    }

    private func open(
        _ subject: Subject, workspace: String, in transaction: any Transaction
    ) throws -> [String] {
        let (agent, key) =
            switch subject {
            case .ofKey(let key, let agent): (agent, key)
            case .ofAgent(let agent): (agent, "")
            case .ofWorkspace: ("", "")
            }
        let oldest = SQLValue.text(Self.oldestOpen(at: clock.now()))
        let rows =
            if agent.isEmpty {
                try transaction.rows(
                    """
                    SELECT id FROM permission
                    WHERE workspace = $1 AND id >= $2 AND status IN ('pending', 'approved')
                    """, [.text(workspace), oldest])
            } else {
                try transaction.rows(
                    """
                    SELECT id FROM permission
                    WHERE workspace = $1 AND agent = $2 AND id >= $3 AND ($4 = '' OR api_key = $4)
                        AND status IN ('pending', 'approved')
                    """, [.text(workspace), .text(agent), oldest, .text(key)])
            }
        return try rows.map { try $0.text(0) }
    }
}
