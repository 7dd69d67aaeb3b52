import Storage

extension PersonKey {
    /// Destroys those of the keys that no entry names any more: what they opened was pruned.
    static func destroyUnused(
        _ identifiers: Set<[UInt8]>, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        for identifier in identifiers {
            try transaction.execute(
                """
                DELETE FROM audit_person WHERE workspace = $1 AND key_id = $2 AND NOT EXISTS
                    (SELECT 1 FROM audit_entry
                     WHERE workspace = $1 AND personal IS NOT NULL AND substr(personal, 1, 8) = $2)
                """, [.text(workspace), .bytes(identifier)])
        }
    }
}
