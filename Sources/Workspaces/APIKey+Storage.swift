import Encodings
import Storage

extension APIKey {
    /// Reads the columns id, kind, name, hint, created_at, expires_at, revoked_at, last_used_at, holder,
    /// allowed_addresses, abilities, leaked_at, leak_reporter, leak_url.
    init(_ row: Row, workspace: String) throws {
        guard let kind = KeyKind(rawValue: try row.text(1)) else {
            throw WorkspaceError.unavailable("a key's kind cannot be read")
        }
        let (reporter, url) = (try row.text(12), try row.text(13))
        self.init(
            workspace: workspace, id: try row.text(0), kind: kind, name: try row.text(2), holder: try row.text(8),
            hint: try row.text(3), createdAt: try row.integer(4), expiresAt: try row.optionalInteger(5),
            revokedAt: try row.optionalInteger(6), lastUsedAt: try row.optionalInteger(7),
            limits: try KeyLimits(addresses: try row.text(9), abilities: try row.text(10)),
            leak: try row.optionalInteger(11).map { KeyLeak(at: $0, reporter: reporter, url: url) })
    }

    /// The key with this identifier, revoked or not; nil if the workspace has none.
    public static func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> APIKey? {
        try transaction.row(
            """
            SELECT id, kind, name, hint, created_at, expires_at, revoked_at, last_used_at, holder,
                allowed_addresses, abilities, leaked_at, leak_reporter, leak_url
            FROM api_key WHERE workspace = $1 AND id = $2
            """, [.text(workspace), .text(id)]
        ).map { try APIKey($0, workspace: workspace) }
    }

    /// Stores the key. False for a digest that any workspace has or had.
    func insert(digest: [UInt8], in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO api_key
                (workspace, id, kind, name, digest, hint, created_at, expires_at, holder, allowed_addresses, abilities)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (digest) DO NOTHING
            """,
            [
                .text(workspace), .text(id), .text(kind.rawValue), .text(name), .bytes(digest), .text(hint),
                .integer(createdAt), expiresAt.map { .integer($0) } ?? .null, .text(holder),
                .text(limits.addresses.description), .text(limits.abilities.text),
            ]) == 1
    }

    /// True while the key opens anything. `now` is in Unix milliseconds.
    public func isInForce(at now: Int64) -> Bool {
        revokedAt == nil && expiresAt.map { $0 > now } ?? true
    }

}

extension KeyLimits {
    /// Reads what is stored.
    init(addresses: String, abilities: String) throws(WorkspaceError) {
        guard let addresses = AddressList(addresses), let abilities = Set<KeyAbility>(text: abilities) else {
            throw .unavailable("a key's limits cannot be read")
        }
        self.init(addresses: addresses, abilities: abilities)
    }
}
