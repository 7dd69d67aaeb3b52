import AuditLog
import Storage
import Workspaces

extension PermissionRequests {
    /// Permissions whose end is written down in one unit of work.
    private static let step = 200

    /// Writes down what expired, and tells those who wait: to be called every second. Returns how many did.
    @discardableResult
    public func expire() async throws(PermissionError) -> Int {
        var count = 0
        while !Task.isCancelled {
            let now = clock.now()
            let (found, changes) = try await database.write(throwing: PermissionError.self) { transaction in
                try expire(at: now, in: transaction)
            }
            journal.announce(changes)
            count += changes.count
            if found < Self.step { break }
        }
        return count
    }

    private func expire(
        at now: Int64, in transaction: any Transaction
    ) throws -> (found: Int, changes: [PermissionChange]) {
        let rows = try transaction.rows(
            """
            SELECT workspace, id FROM permission
            WHERE status IN ('pending', 'approved') AND expires_at <= $1 ORDER BY expires_at LIMIT $2
            """, [.integer(now), .integer(Int64(Self.step))])
        var changes: [PermissionChange] = []
        for row in rows {
            let (workspace, id) = (try row.text(0), try row.text(1))
            if let record = try? PermissionRecord.find(id, workspace: workspace, in: transaction) {
                if let change = try expire(record.permission, at: now, in: transaction) { changes.append(change) }
            } else {
                try journal.end(
                    unreadable: id, workspace: workspace, .expired, origin: .system, at: now, in: transaction)
            }
        }
        return (rows.count, changes)
    }

    /// Nil if somebody else ended it first.
    func expire(
        _ permission: Permission, at now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> PermissionChange? {
        let changed = try transaction.execute(
            """
            UPDATE permission SET status = 'expired', ended_at = $3
            WHERE workspace = $1 AND id = $2 AND status IN ('pending', 'approved') AND expires_at <= $3
            """, [.text(permission.workspace), .text(permission.id), .integer(now)])
        guard changed == 1 else { return nil }
        var expired = permission
        expired.status = .expired
        expired.endedAt = now
        let change = PermissionChange(kind: .expired, permission: expired, time: now)
        try journal.record(
            change, as: .permissionExpired, origin: .system, detail: permission.status.rawValue, in: transaction)
        return change
    }
}
