import AuditLog
import Storage
import Workspaces

/// Ends what agents were permitted and what they asked for, when the agent or its key ends.
///
/// The stop comes first, in a unit of work of its own, and counts from then on (``PermissionStop``). What was open is
/// ended after it, so many at a time that nobody waits for long; what is left open by a server that ends in between is
/// found again by looking for what is open and stopped.
public struct PermissionEndings: Sendable {
    /// Permissions that are ended in one unit of work.
    static let step = 200

    let database: any Database
    let journal: PermissionJournal
    let clock: WallClock

    public init(database: any Database, journal: PermissionJournal, clock: WallClock = .system) {
        self.database = database
        self.journal = journal
        self.clock = clock
    }

    /// Ends all that is open and stopped in a workspace, or in all (nil). Returns how many that were.
    @discardableResult
    func endStopped(
        in workspace: String? = nil, origin: RequestOrigin = .system
    ) async throws(PermissionError) -> Int {
        let holders = try await database.read(throwing: PermissionError.self) { transaction in
            try stopped(in: workspace, in: transaction)
        }
        var count = 0
        for holder in holders {
            var last: String? = PermissionIdentifier.oldestOpen(at: clock.now())
            while let after = last, !Task.isCancelled {
                let (next, changes) = try await database.write(throwing: PermissionError.self) { transaction in
                    try end(holder, after: after, origin: origin, in: transaction)
                }
                journal.announce(changes)
                count += changes.count
                last = next
            }
        }
        return count
    }

    /// Keys that have something open, and are stopped.
    func stopped(
        in workspace: String?, of agent: String? = nil, in transaction: any Transaction
    ) throws(StorageError) -> [Holder] {
        let rows = try transaction.rows(
            """
            SELECT DISTINCT workspace, agent, api_key FROM permission
            WHERE status IN ('pending', 'approved') AND expires_at > $1 AND ($2 = '' OR workspace = $2)
                AND ($3 = '' OR agent = $3)
            """, [.integer(clock.now()), .text(workspace ?? ""), .text(agent ?? "")])
        var stopped: [Holder] = []
        for row in rows {
            let holder = Holder(workspace: try row.text(0), agent: try row.text(1), key: try row.text(2))
            if try holder.stop(in: transaction) != nil { stopped.append(holder) }
        }
        return stopped
    }

    /// Ends the next of a key's open permissions. Returns what the last one was, nil where none is left.
    private func end(
        _ holder: Holder, after: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws -> (last: String?, changes: [PermissionChange]) {
        // It may work again by now, and have something new.
        guard let stop = try holder.stop(in: transaction) else { return (nil, []) }
        let open = try holder.open(after: after, count: Self.step, in: transaction)
        let changes = try open.compactMap { id in
            try end(id, of: holder, reason: stop.reason, origin: origin, in: transaction)
        }
        return (open.count < Self.step ? nil : open.last, changes)
    }

    private func end(
        _ id: String, of holder: Holder, reason: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws -> PermissionChange? {
        guard let record = try? PermissionRecord.find(id, workspace: holder.workspace, in: transaction) else {
            try journal.end(
                unreadable: id, workspace: holder.workspace, .revoked, origin: origin, at: clock.now(), in: transaction)
            return nil
        }
        return try revoke(record.permission, reason: reason, origin: origin, in: transaction)
    }

    /// Ends one permission. Nil if it had ended before.
    ///
    /// - Parameter word: what the audit says of it beside the state that it was in.
    func revoke(
        _ permission: Permission, reason: String, word: String? = nil, origin: RequestOrigin,
        in transaction: any Transaction
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
            change, as: .permissionRevoked, origin: origin,
            detail: [permission.status.rawValue, word].compactMap { $0 }.joined(separator: " "), in: transaction)
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
            [
                .text(workspace), .text(agent), .text(PermissionIdentifier.oldestOpen(at: clock.now())), .text(key),
                .integer(end),
            ])
    }
}

extension PermissionEndings {
    /// An agent's key, which something was asked for with.
    struct Holder: Sendable {
        let workspace: String
        let agent: String
        let key: String

        fileprivate func stop(in transaction: any Transaction) throws(StorageError) -> PermissionStop? {
            try PermissionStop.find(agent: agent, key: key, workspace: workspace, in: transaction)
        }

        fileprivate func open(
            after: String, count: Int, in transaction: any Transaction
        ) throws(StorageError) -> [String] {
            try transaction.rows(
                """
                SELECT id FROM permission
                WHERE workspace = $1 AND agent = $2 AND id > $3 AND api_key = $4 AND status IN ('pending', 'approved')
                ORDER BY id LIMIT $5
                """, [.text(workspace), .text(agent), .text(after), .text(key), .integer(Int64(count))]
            ).map { row throws(StorageError) in try row.text(0) }
        }
    }
}
