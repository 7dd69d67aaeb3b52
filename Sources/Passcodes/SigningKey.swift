import EnclaveLink
import Storage
import Workspaces

/// A signing key as the host keeps it: the private half is in `sealed` and opens in the enclave only.
public struct SigningKey: Equatable, Sendable {
    public enum State: String, Sendable, Codable {
        /// Published, signs after the next rotation.
        case next
        /// Signs.
        case current
        /// Signs no more; published until its last token has expired.
        case retired
    }

    /// The `kid`: the RFC 7638 thumbprint.
    public var id: String
    public var purpose: SigningKeyPurpose
    public var algorithm: SigningAlgorithm
    public var state: State
    /// The public half, a JWK in JSON.
    public var publicKey: String
    public var sealed: [UInt8]
    /// Unix milliseconds, as all times here.
    public var createdAt: Int64
    public var activatedAt: Int64?
    public var retiredAt: Int64?

    /// Where keys of the whole installation are stored: they belong to no workspace.
    static let instance = "-"
}

extension SigningKey {
    static func all(in transaction: any Transaction) throws -> [SigningKey] {
        try transaction.rows(
            """
            SELECT id, purpose, algorithm, state, public_key, sealed, created_at, activated_at, retired_at
            FROM signing_key WHERE workspace = $1 ORDER BY created_at, id
            """, [.text(instance)]
        ).map(SigningKey.init(row:))
    }

    private init(row: Row) throws {
        guard let purpose = SigningKeyPurpose(rawValue: try row.text(1)),
            let algorithm = SigningAlgorithm(rawValue: try row.text(2)), let state = State(rawValue: try row.text(3))
        else { throw PasscodeError.unavailable("a signing key cannot be read") }
        self.init(
            id: try row.text(0), purpose: purpose, algorithm: algorithm, state: state, publicKey: try row.text(4),
            sealed: try row.bytes(5), createdAt: try row.integer(6), activatedAt: try row.optionalInteger(7),
            retiredAt: try row.optionalInteger(8))
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try MasterKeyFloor.check(sealed, in: transaction)
        try transaction.execute(
            """
            INSERT INTO signing_key
                (workspace, id, purpose, algorithm, state, public_key, sealed, created_at, activated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .text(Self.instance), .text(id), .text(purpose.rawValue), .text(algorithm.rawValue),
                .text(state.rawValue), .text(publicKey), .bytes(sealed), .integer(createdAt),
                activatedAt.map { .integer($0) } ?? .null,
            ])
    }

    /// Moves a key on. False if it was not in the state that it should leave.
    static func move(
        _ id: String, from: State, to: State, at now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE signing_key SET state = $4,
                activated_at = CASE WHEN $4 = 'current' THEN $5 ELSE activated_at END,
                retired_at = CASE WHEN $4 = 'retired' THEN $5 ELSE retired_at END
            WHERE workspace = $1 AND id = $2 AND state = $3
            """, [.text(instance), .text(id), .text(from.rawValue), .text(to.rawValue), .integer(now)]) == 1
    }

    static func delete(_ id: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM signing_key WHERE workspace = $1 AND id = $2", [.text(instance), .text(id)])
    }
}
