import Storage
import Workspaces

extension PermissionEndings {
    /// What the audit says of a permission that ended because the database was restored.
    private static let restored = "restored"

    /// Ends all that is open in all workspaces, because the database was restored: what was used or revoked since the
    /// backup would work once more. Call it before anybody is answered. Returns how many that were.
    @discardableResult
    public func endRestored() async throws(PermissionError) -> Int {
        var count = 0
        while true {
            let changes = try await database.write(throwing: PermissionError.self) { transaction in
                try endNextRestored(in: transaction)
            }
            guard let changes else { return count }
            journal.announce(changes)
            count += changes.count
        }
    }

    /// Ends the next ones. Nil where nothing is open any more.
    private func endNextRestored(in transaction: any Transaction) throws -> [PermissionChange]? {
        let open = try transaction.rows(
            """
            SELECT workspace, id FROM permission WHERE status IN ('pending', 'approved') AND expires_at > $1
            ORDER BY workspace, id LIMIT $2
            """, [.integer(clock.now()), .integer(Int64(Self.step))]
        ).map { (workspace: try $0.text(0), id: try $0.text(1)) }
        guard !open.isEmpty else { return nil }
        return try open.compactMap { workspace, id in
            guard let record = try? PermissionRecord.find(id, workspace: workspace, in: transaction) else {
                try journal.end(
                    unreadable: id, workspace: workspace, .revoked, origin: .system, at: clock.now(), in: transaction)
                return nil
            }
            return try revoke(
                record.permission, reason: "The database was restored.", word: Self.restored, origin: .system,
                in: transaction)
        }
    }
}
