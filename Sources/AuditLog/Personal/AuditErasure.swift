import Encodings
import Storage

/// Makes what the log knows of a person unreadable. Every proof still verifies: entries commit to the sealed part, and that
/// stays.
public struct AuditErasure: Sendable {
    let database: any Database
    let trail: AuditTrail
    let now: @Sendable () -> Int64

    /// - Parameter now: the time in Unix milliseconds.
    public init(database: any Database, trail: AuditTrail, now: @escaping @Sendable () -> Int64) {
        self.database = database
        self.trail = trail
        self.now = now
    }

    /// Destroys a person's key in a workspace and writes an entry, which names the key and not the person. Entries about
    /// them that come later have another key. False where the log knows nothing of them. Throws `held` while the workspace
    /// is under legal hold, `unavailable`.
    public func erase(
        _ person: AuditPerson, workspace: String, origin: RequestOrigin
    ) async throws(RetentionError) -> Bool {
        let time = now()
        return try await database.write(throwing: RetentionError.self) { transaction in
            guard try !RetentionHistory.find(workspace, in: transaction).isHeld else { throw RetentionError(.held) }
            let key = try transaction.row(
                "DELETE FROM audit_person WHERE workspace = $1 AND person = $2 RETURNING key_id",
                [.text(workspace), .text(person.name)])
            guard let key else { return false }
            try trail.append(
                AuditEntry(
                    workspace: workspace, time: time, action: .personErased,
                    record: Hexadecimal.encode(try key.bytes(0)), origin: origin), in: transaction)
            return true
        }
    }
}
