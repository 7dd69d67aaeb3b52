import AuditLog
import Storage

/// The keys of the workspaces: made, listed, revoked.
public struct APIKeys: Sendable {
    /// Keys of its own in force that one workspace may have; a limit on what a stolen operator's key can make grow.
    public static let limit = 100

    let database: any Database
    let clock: WallClock
    let audit: AuditTrail
    let directory: WorkspaceDirectory
    let uses = KeyUses()

    /// Keys of the workspaces in `directory`.
    public init(directory: WorkspaceDirectory) {
        self.directory = directory
        database = directory.database
        clock = directory.clock
        audit = directory.audit
    }

    /// Makes a key with a secret text. `lifetime` is in days, 1…3650; nil for a key that does not expire.
    /// Throws `invalidSetting`, also for a stamp key, which its owner makes, and for an agent's, which needs its agent.
    public func create(
        workspace: String, kind: KeyKind, name: String, lifetime: Int? = nil, limits: KeyLimits = KeyLimits(),
        origin: RequestOrigin
    ) async throws(WorkspaceError) -> CreatedAPIKey {
        guard !kind.isAgents else { throw .invalidSetting("an agent's key is made with its agent") }
        let created = try draft(kind, workspace: workspace, name: name, lifetime: lifetime, limits: limits)
        try await store(created.key, digest: created.secret.digest, origin: origin)
        return created
    }

    /// All keys of a workspace but its agents', oldest first, revoked ones included.
    public func list(workspace: String) async throws(WorkspaceError) -> [APIKey] {
        try await database.read(throwing: WorkspaceError.self) { transaction in
            try transaction.rows(
                """
                SELECT id, kind, name, hint, created_at, expires_at, revoked_at, last_used_at, holder,
                    allowed_addresses, abilities, leaked_at, leak_reporter, leak_url
                FROM api_key WHERE workspace = $1 AND kind NOT IN ('agent', 'agent_test') ORDER BY created_at, id
                """, [.text(workspace)]
            ).map { try APIKey($0, workspace: workspace) }
        }
    }

    /// Ends a key: the next request with it is refused. Throws `notFound` for a key of another workspace or of an agent
    /// as for none, and `keyRevoked` if it was revoked before.
    public func revoke(_ id: String, workspace: String, origin: RequestOrigin) async throws(WorkspaceError) {
        let now = clock.now()
        try await changing(throwing: WorkspaceError.self) { transaction in
            let key = try APIKey.find(id, workspace: workspace, in: transaction)
            guard let key, !key.kind.isAgents else { throw WorkspaceError.notFound("key") }
            guard try end(id, workspace: workspace, at: now, in: transaction) else {
                throw WorkspaceError.keyRevoked()
            }
            try audit.append(
                AuditEntry(workspace: workspace, time: now, action: .keyRevoked, record: id, origin: origin),
                in: transaction)
        }
    }

    /// A unit of work that changes keys, or what callers are known by. What was remembered of them is forgotten before
    /// the change is acknowledged.
    public func changing<Value: Sendable, Failure: StorageFailure>(
        throwing failure: Failure.Type, _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(Failure) -> Value {
        try await database.write(throwing: failure, forgetting: directory.callers.forgetAll, work)
    }

    /// A look at keys and what they are held to.
    public func reading<Value: Sendable, Failure: StorageFailure>(
        throwing failure: Failure.Type, _ look: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(Failure) -> Value {
        try await database.read(throwing: failure, look)
    }

    /// Throws `invalidSetting` for a digest that any workspace has or had.
    func store(_ key: APIKey, digest: [UInt8], origin: RequestOrigin) async throws(WorkspaceError) {
        try await database.write(throwing: WorkspaceError.self) { transaction in
            let row = try transaction.row(
                """
                SELECT COUNT(*) FROM api_key
                WHERE workspace = $1 AND holder = '' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
                """, [.text(key.workspace), .integer(key.createdAt)])
            guard try row?.integer(0) ?? 0 < Self.limit else {
                throw WorkspaceError.invalidSetting(
                    "a workspace has at most \(Self.limit) keys in force: revoke one first")
            }
            try insert(key, digest: digest, origin: origin, in: transaction)
        }
    }

    func insert(_ key: APIKey, digest: [UInt8], origin: RequestOrigin, in transaction: any Transaction) throws {
        guard try key.insert(digest: digest, in: transaction) else {
            throw WorkspaceError.keyRegistered()
        }
        try audit.append(
            AuditEntry(
                workspace: key.workspace, time: key.createdAt, action: .keyCreated, record: key.id,
                agent: key.kind.isAgents ? key.holder : "", origin: origin, detail: key.kind.rawValue),
            in: transaction)
    }
}
