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

    /// Destroys a person's keys in a workspace and writes an entry, which names the keys and not the person. Entries about them that come
    /// later have another key. Returns once no copy of the keys is left in the database's files; false where the log knows
    /// nothing of them. Throws `held` while the workspace is under legal hold, `unfinished`, `unavailable`.
    ///
    /// - Parameter identities: all that the log knows the person as: their contact, and what they act as.
    public func erase(
        _ identities: Set<AuditPerson>, workspace: String, origin: RequestOrigin
    ) async throws(RetentionError) -> Bool {
        let time = now()
        // Looking for them takes long, so that writers are held up only by what came since.
        let known = try await database.read(throwing: RetentionError.self) { transaction in
            var known: [AuditPerson: [KeyNumber]] = [:]
            for person in identities { known[person] = try person.keys(workspace: workspace, in: transaction) }
            return known
        }
        let isKnown = try await destroy(known, workspace: workspace, at: time, origin: origin)
        // Also where there was nothing to destroy: an erasure that could not be finished is asked for again.
        do { try await database.forgetDeleted() } catch {
            throw RetentionError(.unfinished, "copies of destroyed keys are still in the database's files: \(error)")
        }
        return isKnown
    }

    private func destroy(
        _ known: [AuditPerson: [KeyNumber]], workspace: String, at time: Int64, origin: RequestOrigin
    ) async throws(RetentionError) -> Bool {
        try await database.write(throwing: RetentionError.self) { transaction in
            guard try !RetentionHistory.find(workspace, in: transaction).isHeld else { throw RetentionError(.held) }
            var destroyed: [KeyNumber] = []
            for (person, known) in known {
                destroyed += try Self.destroy(known, of: person, workspace: workspace, in: transaction)
            }
            destroyed.sort { $0.value < $1.value }
            for start in stride(from: 0, to: destroyed.count, by: ErasedKeys.limit) {
                let keys = ErasedKeys(Array(destroyed[start...].prefix(ErasedKeys.limit)))
                try trail.append(
                    AuditEntry(
                        workspace: workspace, time: time, action: .personErased, record: workspace, origin: origin,
                        detail: keys.detail), in: transaction)
            }
            return !destroyed.isEmpty
        }
    }

    /// Destroys these keys and later ones of the same person, and returns which of them there were.
    private static func destroy(
        _ known: [KeyNumber], of person: AuditPerson, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [KeyNumber] {
        let later = try person.keys(after: known.last ?? KeyNumber(0), workspace: workspace, in: transaction)
        var destroyed: [KeyNumber] = []
        for number in known + later {
            let changed = try transaction.execute(
                """
                UPDATE audit_person SET person = NULL, salt = NULL
                WHERE workspace = $1 AND number = $2 AND person = $3
                """, [.text(workspace), .bytes(number.bytes), .text(person.name)])
            if changed == 1 { destroyed.append(number) }
        }
        return destroyed
    }
}
