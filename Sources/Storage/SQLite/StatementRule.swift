/// What a unit of work may run: statements on rows. BEGIN, COMMIT, SAVEPOINT, PRAGMA or ATTACH would reach beyond
/// the unit and into those that share its commit; the schema changes by migrations only.
enum StatementRule {
    private static let allowed = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN"]

    static func check(_ sql: UnsafeBufferPointer<UInt8>) throws(StorageError) {
        let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        let letters = sql.drop { blanks.contains($0) }.prefix { (0x41...0x5a).contains($0 & 0xdf) }
        let word = String(decoding: letters, as: UTF8.self).uppercased()
        guard allowed.contains(word) else {
            throw .invalidStatement(
                "a unit of work starts its statements with one of \(allowed.joined(separator: ", "))")
        }
    }
}
