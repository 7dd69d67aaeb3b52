import Encodings
import Storage
import Workspaces

/// Wrong sealed codes in a row for one contact, over all its live challenges (NIST SP 800-63B §5.2.2: at most 100). A
/// success ends the row, and so does a day without an attempt.
struct ContactFailures: Sendable {
    static let memory: Int64 = 86_400_000

    private let workspace: String
    private let subject: String

    /// The row that attempts at a challenge belong to. Those at a decoy cannot be right and are counted apart: a stranger
    /// must not close a contact with challenges that were never sent to it.
    init(of challenge: Challenge) {
        self.init(
            workspace: challenge.workspace, contact: Hexadecimal.encode(challenge.contact), isDecoy: challenge.isDecoy)
    }

    /// - Parameter contact: the contact's digest in hexadecimal.
    init(workspace: String, contact: String, isDecoy: Bool = false) {
        self.workspace = workspace
        subject = "\(isDecoy ? "decoys" : "sealed") \(contact)"
    }

    /// Milliseconds until the contact is open again; 0 if it is.
    func closure(now: Int64, in transaction: any Transaction) throws(StorageError) -> Int64 {
        let count = try AttemptCount.read(subject, workspace: workspace, in: transaction)
        guard count.used >= WorkspaceSettings.consecutiveFailureLimit else { return 0 }
        return max(0, count.expiresAt - now)
    }

    /// Counts an attempt as wrong, before it is looked at. False if the contact is closed.
    func add(now: Int64, in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO attempt_count (workspace, subject, used, expires_at) VALUES ($1, $2, 1, $3)
            ON CONFLICT (workspace, subject) DO UPDATE SET expires_at = $3,
                used = CASE WHEN attempt_count.expires_at > $4 THEN attempt_count.used + 1 ELSE 1 END
            WHERE attempt_count.used < $5 OR attempt_count.expires_at <= $4
            """,
            [
                .text(workspace), .text(subject), .integer(now + Self.memory), .integer(now),
                .integer(Int64(WorkspaceSettings.consecutiveFailureLimit)),
            ]) == 1
    }

    /// Ends the row: the right code came.
    func clear(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM attempt_count WHERE workspace = $1 AND subject = $2", [.text(workspace), .text(subject)])
    }
}
