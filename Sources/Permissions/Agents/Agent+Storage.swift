import Encodings
import JOSE
import SealedPasscodes
import Storage
import Workspaces

extension Agent {
    /// Reads the columns that `find` asks for.
    private init(_ row: Row, workspace: String) throws {
        guard let metadata = try? JSONValue(parsing: Array(row.text(3).utf8)),
            let addresses = AddressList(try row.text(6))
        else {
            throw PermissionError.unavailable("an agent cannot be read")
        }
        let originator = try row.text(4)
        self.init(
            workspace: workspace, id: try row.text(0),
            profile: AgentProfile(
                name: try row.text(1), description: try row.text(2), metadata: metadata,
                originator: originator.isEmpty ? nil : originator,
                clientKey: try row.optionalBytes(5).map { try P256PublicKey(point: $0) },
                allowedAddresses: addresses, rateLimit: Int(try row.integer(7)),
                isActive: try row.integer(8) == 1),
            createdAt: try row.integer(9), updatedAt: try row.integer(10),
            lastUsedAt: try row.optionalInteger(11))
    }

    /// The agent with this identifier, unless it was deleted.
    static func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> Agent? {
        try transaction.row(
            """
            SELECT a.id, a.name, a.description, a.metadata, a.originator, a.client_key, a.allowed_addresses,
                a.rate_limit, a.is_active, a.created_at, a.updated_at,
                (SELECT MAX(k.last_used_at) FROM api_key k WHERE k.workspace = a.workspace AND k.holder = a.id)
            FROM agent a WHERE a.workspace = $1 AND a.id = $2 AND a.deleted_at IS NULL
            """, [.text(workspace), .text(id)]
        ).map { try Agent($0, workspace: workspace) }
    }

    /// A page of a workspace's agents, oldest first.
    static func page(
        _ page: PageWish, workspace: String, in transaction: any Transaction
    ) throws -> Page<Agent> {
        let total = try transaction.row(
            "SELECT COUNT(*) FROM agent WHERE workspace = $1 AND deleted_at IS NULL", [.text(workspace)])
        let agents = try transaction.rows(
            """
            SELECT id FROM agent WHERE workspace = $1 AND deleted_at IS NULL
            ORDER BY created_at, id LIMIT $2 OFFSET $3
            """, [.text(workspace), .integer(Int64(page.limit)), .integer(Int64(page.offset))]
        ).compactMap { try find(try $0.text(0), workspace: workspace, in: transaction) }
        return Page(items: agents, total: Int(try total?.integer(0) ?? 0), wish: page)
    }

    /// Stores a fresh agent.
    func insert(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO agent
                (workspace, id, name, description, metadata, originator, client_key, allowed_addresses, rate_limit,
                is_active, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """, columns)
    }

    /// Stores what changed about an agent that was not deleted.
    func update(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE agent SET name = $3, description = $4, metadata = $5, originator = $6, client_key = $7,
                allowed_addresses = $8, rate_limit = $9, is_active = $10, created_at = $11, updated_at = $12
            WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL
            """, columns)
    }

    /// Empties the row of an agent that is deleted. False if there is none.
    static func bury(
        _ id: String, workspace: String, at now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE agent SET name = '', description = '', metadata = '{}', originator = '', client_key = NULL,
                allowed_addresses = '', is_active = 0, updated_at = $3, deleted_at = $3
            WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL
            """, [.text(workspace), .text(id), .integer(now)]) == 1
    }

    private var columns: [SQLValue] {
        [
            .text(workspace), .text(id), .text(profile.name), .text(profile.description),
            .text(profile.metadata.description), .text(profile.originator ?? ""),
            profile.clientKey.map { .bytes($0.compressed) } ?? .null,
            .text(profile.allowedAddresses.description),
            .integer(Int64(profile.rateLimit)), .integer(profile.isActive ? 1 : 0), .integer(createdAt),
            .integer(updatedAt),
        ]
    }
}
