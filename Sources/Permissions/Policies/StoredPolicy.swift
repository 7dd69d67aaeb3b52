import JOSE
import Policies
import Storage

/// A policy as it is stored.
public struct StoredPolicy: Sendable, Equatable {
    public var workspace: String
    /// With its identifier (`pol_` and 16 random digits) and version.
    public var policy: Policy
    /// Unix milliseconds.
    public var createdAt: Int64
    public var updatedAt: Int64

    /// `pol_…`
    public var id: String { policy.id ?? "" }
}

extension StoredPolicy {
    /// Reads the columns id, version, document, created_at, updated_at.
    init(_ row: Row, workspace: String) throws {
        do {
            let document = try JSONValue(parsing: Array(row.text(2).utf8))
            policy = try Policy(reading: document, id: try row.text(0), version: Int(try row.integer(1)))
        } catch is PolicyError {
            // A rule of a newer version of the program: what it would decide nobody knows.
            throw PermissionError.unavailable("a stored policy cannot be read")
        }
        self.workspace = workspace
        createdAt = try row.integer(3)
        updatedAt = try row.integer(4)
    }

    static func find(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws -> StoredPolicy? {
        try transaction.row(
            """
            SELECT id, version, document, created_at, updated_at FROM policy WHERE workspace = $1 AND id = $2
            """, [.text(workspace), .text(id)]
        ).map { try StoredPolicy($0, workspace: workspace) }
    }

    static func all(workspace: String, in transaction: any Transaction) throws -> [StoredPolicy] {
        try transaction.rows(
            """
            SELECT id, version, document, created_at, updated_at FROM policy WHERE workspace = $1
            ORDER BY position, id
            """, [.text(workspace)]
        ).map { try StoredPolicy($0, workspace: workspace) }
    }

    func insert(at position: Int, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO policy (workspace, id, position, version, document, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(workspace), .text(id), .integer(Int64(position)), .integer(Int64(policy.version)),
                .text(policy.document.description), .integer(createdAt), .integer(updatedAt),
            ])
        try remember(in: transaction)
    }

    func update(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "UPDATE policy SET version = $3, document = $4, updated_at = $5 WHERE workspace = $1 AND id = $2",
            [
                .text(workspace), .text(id), .integer(Int64(policy.version)), .text(policy.document.description),
                .integer(updatedAt),
            ])
        try remember(in: transaction)
    }

    /// False if there is none.
    static func delete(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "DELETE FROM policy WHERE workspace = $1 AND id = $2", [.text(workspace), .text(id)]) == 1
    }

    /// Keeps what it says in this version, for the grants that will name it.
    private func remember(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO policy_version (workspace, policy, version, document, created_at)
            VALUES ($1, $2, $3, $4, $5)
            """,
            [
                .text(workspace), .text(id), .integer(Int64(policy.version)), .text(policy.document.description),
                .integer(updatedAt),
            ])
    }
}
