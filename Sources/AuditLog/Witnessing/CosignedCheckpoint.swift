import Storage
import TransparencyLog

/// The newest checkpoint of a workspace's log that witnesses have cosigned (table `audit_cosigned`).
struct CosignedCheckpoint {
    let workspace: String
    let size: UInt64
    /// The signed note with the cosignatures.
    let note: String

    static func find(_ workspace: String, in transaction: any Transaction) throws(StorageError) -> CosignedCheckpoint? {
        try transaction.row(
            "SELECT size, checkpoint FROM audit_cosigned WHERE workspace = $1", [.text(workspace)]
        ).map { row throws(StorageError) in
            CosignedCheckpoint(workspace: workspace, size: try row.count(0), note: try row.text(1))
        }
    }

    /// Puts cosignatures below a log's checkpoint, beside those of other witnesses that are there. Throws `StorageError`,
    /// and `LogError` where a note cannot have so many.
    ///
    /// - Parameter time: Unix milliseconds.
    static func add(
        _ lines: [NoteSignature], to log: StoredLog, at time: Int64, in transaction: any Transaction
    ) throws {
        let found = try find(log.workspace, in: transaction).flatMap { $0.isOf(log) ? $0.note : nil }
        let old = try SignedNote(parsing: Array((found ?? log.checkpoint).utf8))
        let others = old.signatures.filter { signature in
            !lines.contains { $0.name == signature.name && $0.keyID == signature.keyID }
        }
        let note = try SignedNote(text: old.text, signatures: others + lines)
        try transaction.execute(
            """
            INSERT INTO audit_cosigned (workspace, size, checkpoint, cosigned_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace) DO UPDATE SET size = $2, checkpoint = $3, cosigned_at = $4
            """, [.text(log.workspace), .integer(Int64(log.head.size)), .text(note.encoded), .integer(time)])
    }

    /// Whether this is the checkpoint of `log`, with cosignatures.
    func isOf(_ log: StoredLog) -> Bool {
        size == log.head.size && note.utf8.starts(with: log.checkpoint.utf8)
    }
}
