import AuditLog
import Storage

/// The keys of the workspaces: made, listed, revoked.
public struct APIKeys: Sendable {
    /// Keys in force that one workspace may have; a limit on what a stolen operator's key can make grow.
    public static let limit = 100

    let database: any Database
    let clock: WallClock
    let audit = AuditTrail()
    let directory: WorkspaceDirectory
    let uses = KeyUses()

    /// Keys of the workspaces in `directory`.
    public init(directory: WorkspaceDirectory) {
        self.directory = directory
        database = directory.database
        clock = directory.clock
    }

    /// Makes a key with a secret text. `lifetime` is in days, 1…3650; nil for a key that does not expire.
    /// Throws `invalidSetting`, also for a stamp key, which its owner makes.
    public func create(
        workspace: String, kind: KeyKind, name: String, lifetime: Int? = nil, origin: RequestOrigin
    ) async throws(WorkspaceError) -> CreatedAPIKey {
        var generator = SystemRandomNumberGenerator()
        guard let secret = SecretKey(kind: kind, using: &generator) else {
            throw .invalidSetting("a \(kind.rawValue) key is registered by its public key")
        }
        let key = try newKey(kind, workspace: workspace, name: name, hint: secret.hint, lifetime: lifetime)
        try await store(key, digest: secret.digest, origin: origin)
        return CreatedAPIKey(key: key, secret: secret)
    }

    /// All keys of a workspace, oldest first, revoked ones included.
    public func list(workspace: String) async throws(WorkspaceError) -> [APIKey] {
        try await database.read(throwing: WorkspaceError.self) { transaction in
            try transaction.rows(
                """
                SELECT id, kind, name, hint, created_at, expires_at, revoked_at, last_used_at
                FROM api_key WHERE workspace = $1 ORDER BY created_at, id
                """, [.text(workspace)]
            ).map { try key(from: $0, workspace: workspace) }
        }
    }

    /// Ends a key: the next request with it is refused. Throws `notFound` for a key of another workspace as for none,
    /// and `keyRevoked` if it was revoked before.
    public func revoke(_ id: String, workspace: String, origin: RequestOrigin) async throws(WorkspaceError) {
        let now = clock.now()
        defer { directory.callers.forgetAll() }
        try await database.write(throwing: WorkspaceError.self) { transaction in
            let changed = try transaction.execute(
                "UPDATE api_key SET revoked_at = $3 WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL",
                [.text(workspace), .text(id), .integer(now)])
            guard changed == 1 else {
                let known = try transaction.row(
                    "SELECT 1 FROM api_key WHERE workspace = $1 AND id = $2", [.text(workspace), .text(id)])
                throw known == nil ? WorkspaceError.notFound("key") : WorkspaceError.keyRevoked()
            }
            try audit.append(
                AuditEntry(workspace: workspace, time: now, action: .keyRevoked, record: id, origin: origin),
                in: transaction)
        }
    }

    /// `lifetime` is in days. Throws `invalidSetting`.
    func newKey(
        _ kind: KeyKind, workspace: String, name: String, hint: String, lifetime: Int?
    ) throws(WorkspaceError) -> APIKey {
        guard RecordName.isValid(name) else {
            throw .invalidSetting("name must have at most 100 characters and no control characters")
        }
        if let lifetime, !(1...3650).contains(lifetime) {
            throw .invalidSetting("expires_in_days must be 1 to 3650")
        }
        let now = clock.now()
        return APIKey(
            workspace: workspace, id: "key_" + RandomIdentifier.hexadecimal(length: 16), kind: kind, name: name,
            hint: hint, createdAt: now, expiresAt: lifetime.map { now + Int64($0) * 86_400_000 })
    }

    /// Throws `invalidSetting` for a digest that any workspace has or had.
    func store(_ key: APIKey, digest: [UInt8], origin: RequestOrigin) async throws(WorkspaceError) {
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try insert(key, digest: digest, in: transaction)
            try audit.append(
                AuditEntry(
                    workspace: key.workspace, time: key.createdAt, action: .keyCreated, record: key.id, origin: origin,
                    detail: key.kind.rawValue), in: transaction)
        }
    }

    private func insert(_ key: APIKey, digest: [UInt8], in transaction: any Transaction) throws {
        let row = try transaction.row(
            """
            SELECT COUNT(*) FROM api_key
            WHERE workspace = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            """, [.text(key.workspace), .integer(key.createdAt)])
        guard try row?.integer(0) ?? 0 < Self.limit else {
            throw WorkspaceError.invalidSetting("a workspace has at most \(Self.limit) keys in force: revoke one first")
        }
        let inserted = try transaction.execute(
            """
            INSERT INTO api_key (workspace, id, kind, name, digest, hint, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (digest) DO NOTHING
            """,
            [
                .text(key.workspace), .text(key.id), .text(key.kind.rawValue), .text(key.name), .bytes(digest),
                .text(key.hint), .integer(key.createdAt), key.expiresAt.map { .integer($0) } ?? .null,
            ])
        guard inserted == 1 else {
            throw WorkspaceError.keyRegistered()
        }
    }

    private func key(from row: Row, workspace: String) throws -> APIKey {
        guard let kind = KeyKind(rawValue: try row.text(1)) else {
            throw WorkspaceError.unavailable("a key's kind cannot be read")
        }
        return APIKey(
            workspace: workspace, id: try row.text(0), kind: kind, name: try row.text(2), hint: try row.text(3),
            createdAt: try row.integer(4), expiresAt: try row.optionalInteger(5),
            revokedAt: try row.optionalInteger(6), lastUsedAt: try row.optionalInteger(7))
    }
}
