import Workspaces

/// An API key on the wire of the operator's API; times are RFC 3339.
public struct KeyDescription: Codable, Sendable {
    public var id: String
    public var kind: KeyKind
    public var name: String
    public var hint: String
    /// The agent or approver that it belongs to; nil for a key of the workspace's own.
    public var holder: String?
    public var createdAt: String
    public var expiresAt: String?
    public var revokedAt: String?
    public var lastUsedAt: String?
    /// Only in the answer that created it.
    public var key: String?

    enum CodingKeys: String, CodingKey {
        case id, kind, name, hint, holder
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
        case key
    }

    init(_ stored: APIKey, key: String? = nil) {
        id = stored.id
        kind = stored.kind
        name = stored.name
        hint = stored.hint
        holder = stored.holder.isEmpty ? nil : stored.holder
        createdAt = WireTime.text(stored.createdAt)
        expiresAt = stored.expiresAt.map(WireTime.text)
        revokedAt = stored.revokedAt.map(WireTime.text)
        lastUsedAt = stored.lastUsedAt.map(WireTime.text)
        self.key = key
    }
}

/// What `GET /v1/keys` answers.
public struct KeyListing: Codable, Sendable {
    public var keys: [KeyDescription]
}
