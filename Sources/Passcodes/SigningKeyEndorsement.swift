import EnclaveLink
import Storage

/// What a key that clients pin said, signed, of the one after it. It outlives both: a client may have pinned any key
/// that ever was.
public struct SigningKeyEndorsement: Equatable, Sendable {
    public var purpose: SigningKeyPurpose
    /// The `kid` of the key that signed the statement.
    public var signer: String
    /// The `kid` of the key that it is about.
    public var successor: String
    /// A compact JWS with both public keys.
    public var statement: String
    /// Unix milliseconds.
    public var createdAt: Int64
}

extension SigningKeyEndorsement {
    /// All endorsements, oldest first.
    static func all(in transaction: any Transaction) throws -> [SigningKeyEndorsement] {
        try transaction.rows(
            """
            SELECT purpose, signer, successor, statement, created_at
            FROM signing_key_endorsement WHERE workspace = $1 ORDER BY created_at, signer
            """, [.text(SigningKey.instance)]
        ).map { row in
            guard let purpose = SigningKeyPurpose(rawValue: try row.text(0)) else {
                throw PasscodeError.unavailable("an endorsement cannot be read")
            }
            return SigningKeyEndorsement(
                purpose: purpose, signer: try row.text(1), successor: try row.text(2), statement: try row.text(3),
                createdAt: try row.integer(4))
        }
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO signing_key_endorsement (workspace, signer, successor, purpose, statement, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(SigningKey.instance), .text(signer), .text(successor), .text(purpose.rawValue),
                .text(statement), .integer(createdAt),
            ])
    }
}
