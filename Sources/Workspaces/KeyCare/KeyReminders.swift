import AuditLog
import Storage

/// Reminds owners of keys that are old or about to end: once for each key and threshold, whoever looks, and however often.
public struct KeyReminders: Sendable {
    /// Days before a key's end.
    static let expiryThresholds = [14, 1]
    /// Keys that are reminded of in one unit of work.
    static let step = 100

    let database: any Database
    let audit: AuditTrail
    let outbox: any KeyOutbox
    let clock: WallClock

    public init(
        database: any Database, audit: AuditTrail, outbox: any KeyOutbox, clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.outbox = outbox
        self.clock = clock
    }

    /// Reminds of all that is due. To be called now and then; a key waits at most that long.
    public func remind() async throws(WorkspaceError) {
        while try await remindOfSome() == Self.step {}
    }

    /// Returns how many keys were looked at.
    private func remindOfSome() async throws(WorkspaceError) -> Int {
        let now = clock.now()
        let due = try await database.read(throwing: WorkspaceError.self) { transaction in
            try Self.due(at: now, in: transaction)
        }
        guard !due.isEmpty else { return 0 }
        try await database.write(throwing: WorkspaceError.self) { transaction in
            for change in due where try mark(change, in: transaction) { try tell(change, in: transaction) }
        }
        return due.count
    }

    private static func due(at now: Int64, in transaction: any Transaction) throws -> [KeyChange] {
        let rows = try transaction.rows(
            """
            SELECT workspace, id, expiry_reminder FROM api_key
            WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
                AND (expires_at <= $2 AND expires_at - created_at > $3 AND expiry_reminder IS NULL
                    OR expires_at <= $4 AND expires_at - created_at > $5 AND (expiry_reminder IS NULL OR expiry_reminder > 1)
                    OR (expires_at IS NULL OR expires_at > $2) AND created_at <= $6 AND rotation_reminded_at IS NULL)
            ORDER BY created_at, id LIMIT $7
            """,
            [
                .integer(now), .integer(now + APIKey.expiryNotice), .integer(APIKey.expiryNotice),
                .integer(now + APIKey.day), .integer(APIKey.day), .integer(now - APIKey.rotationAge),
                .integer(Int64(step)),
            ])
        return try rows.compactMap { row in
            try APIKey.find(try row.text(1), workspace: try row.text(0), in: transaction)
        }.map { KeyChange(kind: $0.reminder(at: now), key: $0, time: now) }
    }

    /// True for whoever comes first.
    private func mark(_ change: KeyChange, in transaction: any Transaction) throws(StorageError) -> Bool {
        let key: [SQLValue] = [.text(change.key.workspace), .text(change.key.id)]
        switch change.kind {
        case .expiring(let days):
            return try transaction.execute(
                """
                UPDATE api_key SET expiry_reminder = $3
                WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL
                    AND (expiry_reminder IS NULL OR expiry_reminder > $3)
                """, key + [.integer(Int64(days))]) == 1
        case .rotationDue:
            return try transaction.execute(
                """
                UPDATE api_key SET rotation_reminded_at = $3
                WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL AND rotation_reminded_at IS NULL
                """, key + [.integer(change.time)]) == 1
        case .leaked: return false
        }
    }

    private func tell(_ change: KeyChange, in transaction: any Transaction) throws {
        let detail =
            switch change.kind {
            case .expiring(let days): "expiring=\(days)"
            case .rotationDue, .leaked: KeyAttention.rotationDue.rawValue
            }
        let key = change.key
        try audit.append(
            AuditEntry(
                workspace: key.workspace, time: change.time, action: .keyReminded, record: key.id,
                agent: key.kind.isAgents ? key.holder : "", origin: .system, detail: detail), in: transaction)
        try outbox.enqueue(change, in: transaction)
    }
}

extension APIKey {
    /// What is to be said of a key that is old or about to end.
    fileprivate func reminder(at now: Int64) -> KeyChange.Kind {
        guard let expiresAt, expiresAt - now <= Self.expiryNotice else { return .rotationDue }
        let days = KeyReminders.expiryThresholds.last { expiresAt - now <= Int64($0) * Self.day }
        return .expiring(days: days ?? KeyReminders.expiryThresholds[0])
    }
}
