import AuditLog
import Storage

/// Keys that belong to an agent or to an approver. They change in the unit of work that changes their holder.
extension APIKeys {
    /// Keys in force that one holder may have.
    public static let holderLimit = 10

    /// A key with a secret text that is stored nowhere yet. `lifetime` is in days, 1…3650; nil for a key that does not
    /// expire. Throws `invalidSetting`.
    public func draft(
        _ kind: KeyKind, workspace: String, name: String, holder: String = "", lifetime: Int? = nil,
        limits: KeyLimits = KeyLimits()
    ) throws(WorkspaceError) -> CreatedAPIKey {
        var generator = SystemRandomNumberGenerator()
        guard let secret = SecretKey(kind: kind, using: &generator) else {
            throw .invalidSetting("a \(kind.rawValue) key is registered by its public key")
        }
        let key = try newKey(
            kind, workspace: workspace, name: name, holder: holder, hint: secret.hint, lifetime: lifetime,
            limits: limits)
        return CreatedAPIKey(key: key, secret: secret)
    }

    /// Stores a holder's key. Throws `invalidSetting` where the holder has too many in force.
    public func add(
        _ created: CreatedAPIKey, origin: RequestOrigin, in transaction: any Transaction
    ) throws {
        let key = created.key
        let inForce = try keys(of: key.holder, workspace: key.workspace, in: transaction).filter {
            $0.isInForce(at: key.createdAt)
        }
        guard inForce.count < Self.holderLimit else {
            throw WorkspaceError.invalidSetting(
                "at most \(Self.holderLimit) keys are in force at a time: revoke one first")
        }
        try insert(key, digest: created.secret.digest, origin: origin, in: transaction)
    }

    /// All keys of a holder, oldest first, revoked ones included.
    public func keys(of holder: String, workspace: String, in transaction: any Transaction) throws -> [APIKey] {
        try transaction.rows(
            """
            SELECT id, kind, name, hint, created_at, expires_at, revoked_at, last_used_at, holder,
                allowed_addresses, abilities, leaked_at, leak_reporter, leak_url
            FROM api_key WHERE workspace = $1 AND holder = $2 AND holder <> '' ORDER BY created_at, id
            """, [.text(workspace), .text(holder)]
        ).map { try APIKey($0, workspace: workspace) }
    }

    /// Ends a key now. False if it was revoked before, or is none.
    public func end(
        _ id: String, workspace: String, at now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "UPDATE api_key SET revoked_at = $3 WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL",
            [.text(workspace), .text(id), .integer(now)]) == 1
    }

    /// Lets a key end at `expiry`, Unix milliseconds, unless it ends before.
    public func shorten(
        _ id: String, workspace: String, to expiry: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE api_key SET expires_at = $3
            WHERE workspace = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > $3)
            """, [.text(workspace), .text(id), .integer(expiry)])
    }

    /// Erases the keys of a holder that is no more.
    public func erase(
        holder: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM api_key WHERE workspace = $1 AND holder = $2 AND holder <> ''",
            [.text(workspace), .text(holder)])
    }

    /// `lifetime` is in days. Throws `invalidSetting`.
    func newKey(
        _ kind: KeyKind, workspace: String, name: String, holder: String = "", hint: String, lifetime: Int?,
        limits: KeyLimits
    ) throws(WorkspaceError) -> APIKey {
        guard RecordName.isValid(name) else {
            throw .invalidSetting("name must have at most 100 characters and no control characters")
        }
        if let lifetime, !(1...3650).contains(lifetime) {
            throw .invalidSetting("expires_in_days must be 1 to 3650")
        }
        try limits.check(for: kind)
        let now = clock.now()
        return APIKey(
            workspace: workspace, id: "key_" + RandomIdentifier.hexadecimal(length: 16), kind: kind, name: name,
            holder: holder, hint: hint, createdAt: now, expiresAt: lifetime.map { now + Int64($0) * 86_400_000 },
            limits: limits)
    }
}
