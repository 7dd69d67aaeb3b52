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

    /// Destroys a person's key in a workspace and writes an entry, which has the person's number and not their name. Entries about
    /// them that come later have another key. False where the log knows nothing of them. Throws `StorageError`.
    public func erase(_ person: AuditPerson, workspace: String, origin: RequestOrigin) async throws -> Bool {
        let time = now()
        return try await database.write { transaction in
            let erased = try transaction.row(
                """
                UPDATE audit_person SET person = NULL, salt = NULL WHERE workspace = $1 AND person = $2 RETURNING number
                """, [.text(workspace), .text(person.name)])
            guard let erased else { return false }
            try trail.append(
                AuditEntry(
                    workspace: workspace, time: time, action: .personErased,
                    record: String(try erased.integer(0)), origin: origin), in: transaction)
            return true
        }
    }
}
