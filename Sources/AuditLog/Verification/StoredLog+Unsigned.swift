import Storage
import TransparencyLog

extension StoredLog {
    /// Says so where the columns beside the signed checkpoint are not what it says: the enclave would not go on from them.
    /// A checkpoint that is none is for the verification of the log to name.
    func requireSigned(by key: VerifierKey, in transaction: any Transaction) throws {
        guard let note = try? SignedNote(parsing: Array(checkpoint.utf8)),
            let signed = try? Checkpoint(opening: note, signedBy: key), signed.head != head
        else { return }
        let columns = [signed.size == head.size ? nil : "size", signed.root == head.root ? nil : "root"]
        throw StoredLogFault(
            """
            audit_log.\(columns.compactMap { $0 }.joined(separator: " and audit_log.")) is not what the signed checkpoint \
            says: it has \(signed.size) entries with the root \(signed.root).
            """)
    }

    /// How many entries follow the signed ones. Says so where their numbers have a gap, or one is none that can be signed:
    /// the enclave would sign nothing any more.
    func unsignedEntries(in transaction: any Transaction) throws -> Int {
        try requireNothingInFront(in: transaction)
        var next = head.size + 1
        var page: [RecordedEntry]
        repeat {
            page = try RecordedEntry.range(
                after: Int64(next - 1), count: Int(LogGrowth.step), workspace: workspace, in: transaction)
            for entry in page {
                guard entry.sequence == Int64(next) else {
                    throw StoredLogFault(
                        entry: next, "It is missing, and not signed yet; the entry after the gap is \(entry.sequence).")
                }
                guard entry.canonicalText.count <= EntryBundle.maximumEntryLength else {
                    throw StoredLogFault(entry: next, "It is not signed yet, and too long to be signed.")
                }
                next += 1
            }
        } while page.count == Int(LogGrowth.step)
        return Int(next - head.size - 1)
    }

    private func requireNothingInFront(in transaction: any Transaction) throws {
        let row = try transaction.row(
            "SELECT sequence FROM audit_entry WHERE workspace = $1 AND sequence <= $2 LIMIT 1",
            [.text(workspace), .integer(Int64(minimum))])
        guard let number = try row?.integer(0) else { return }
        throw StoredLogFault("A row has the number \(number), in front of the first entry that the log has.")
    }
}
