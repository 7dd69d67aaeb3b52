import Storage

/// Appends entries in the unit of work of the change that they record. The host makes one and hands it to every room.
public struct AuditTrail: Sendable {
    let wrapping: WrappingKey
    private let keys: RecentPersonKeys
    let changes = ChangedLogs()

    /// - Parameter personalKey: gives the 32 bytes from which the keys of persons are derived, nil while nobody has them;
    ///   entries with a personal part cannot be appended until then.
    public init(personalKey: @escaping @Sendable () -> [UInt8]?) {
        wrapping = WrappingKey(personalKey)
        keys = RecentPersonKeys(wrapping: wrapping)
    }

    /// Takes the key over as soon as somebody has it, so that what happens while the enclave is gone can be recorded too.
    public func learnKey() { try? wrapping.require() }

    /// Adds an entry at the end of its workspace's log. The change and its entry commit together or not at all.
    public func append(_ entry: AuditEntry, in transaction: any Transaction) throws(StorageError) {
        // The benchmark measures what the log costs beside a program that has none, and beside one that has only rows.
        #if !WITHOUT_AUDIT_LOG
            #if ONLY_AUDIT_ROWS
                let personal: SealedPart? = nil
            #else
                let personal = try sealedPart(of: entry, in: transaction)
            #endif
            try transaction.execute(
                """
                INSERT INTO audit_entry
                    (workspace, sequence, time, actor, action, record, agent, outcome, request, detail, commitment, personal)
                VALUES ($1, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_entry WHERE workspace = $1),
                    $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                [
                    .text(entry.workspace), .integer(entry.time), .text(entry.origin.principal.description),
                    .text(entry.action.rawValue), .text(entry.record), .text(entry.agent),
                    .text(entry.outcome.rawValue),
                    .text(entry.origin.request), .text(entry.detail), personal?.commitment.map { .bytes($0) } ?? .null,
                    personal.map { .bytes($0.bytes) } ?? .null,
                ])
            #if !ONLY_AUDIT_ROWS
                changes.mark(entry.workspace)
            #endif
        #endif
    }

    private func sealedPart(
        of entry: AuditEntry, in transaction: any Transaction
    ) throws(StorageError) -> SealedPart? {
        let part = PersonalPart(entry)
        // An entry about somebody is theirs, even where there is nothing to seal.
        guard part != nil || entry.subject != nil else { return nil }
        return try SealedPart(
            part,
            under: keys.key(of: AuditPerson(of: entry), workspace: entry.workspace, at: entry.time, in: transaction))
    }
}
