import EnclaveLink
import Storage

extension User {
    /// The user behind a contact's digest, nil if nobody signed up with it.
    static func find(
        contact: [UInt8], mode: ChallengeMode, workspace: String, in transaction: any Transaction
    ) throws -> User? {
        try transaction.row(
            """
            SELECT u.id, u.mode, u.name, u.created_at FROM user_contact c
            JOIN user_account u ON u.workspace = c.workspace AND u.id = c.user_id
            WHERE c.workspace = $1 AND c.mode = $2 AND c.contact = $3
            """, [.text(workspace), .text(mode.rawValue), .bytes(contact)]
        ).map { try User(row: $0) }
    }

    /// The user whose live session of the Turnkey flow, or whose registered key, has this public key: at most one.
    static func find(
        stampedBy key: [UInt8], mode: ChallengeMode, workspace: String, now: Int64, in transaction: any Transaction
    ) throws -> User? {
        try transaction.row(
            """
            SELECT u.id, u.mode, u.name, u.created_at FROM user_account u
            WHERE u.workspace = $1 AND u.id IN (
                SELECT user_id FROM user_session
                WHERE workspace = $1 AND mode = $2 AND public_key = $3 AND flow = 'turnkey' AND expires_at > $4
                UNION
                SELECT user_id FROM user_key
                WHERE workspace = $1 AND mode = $2 AND public_key = $3 AND (expires_at IS NULL OR expires_at > $4))
            """, [.text(workspace), .text(mode.rawValue), .bytes(key), .integer(now)]
        ).map { try User(row: $0) }
    }

    /// Reads the columns id, mode, name, created_at, from `first` on.
    init(row: Row, first: Int = 0) throws {
        guard let mode = ChallengeMode(rawValue: try row.text(first + 1)) else {
            throw PasscodeError.unavailable("a user cannot be read")
        }
        self.init(
            id: try row.text(first), mode: mode, name: try row.text(first + 2),
            createdAt: try row.integer(first + 3))
    }

    /// Makes the user of a contact. False if the contact is somebody's already.
    func insert(contact: [UInt8], workspace: String, in transaction: any Transaction) throws(StorageError) -> Bool {
        let isFirst = try transaction.execute(
            """
            INSERT INTO user_contact (workspace, mode, contact, user_id, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace, mode, contact) DO NOTHING
            """,
            [.text(workspace), .text(mode.rawValue), .bytes(contact), .text(id), .integer(createdAt)])
        guard isFirst == 1 else { return false }
        try transaction.execute(
            "INSERT INTO user_account (workspace, id, mode, name, created_at) VALUES ($1, $2, $3, $4, $5)",
            [.text(workspace), .text(id), .text(mode.rawValue), .text(name), .integer(createdAt)])
        return true
    }
}
