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
    /// From where it is accepted, beside what the workspace says; empty for everywhere.
    public var allowedAddresses: [String]
    /// What it may do; nil for a key of a kind with rights of its own.
    public var abilities: [String]?
    /// When it was reported as known to others, who reported it, and where it was seen; nil where nobody did or said.
    public var leakedAt: String?
    public var leakReporter: String?
    public var leakURL: String?
    /// Why its owner should look at it; nil where nothing is to be done.
    public var attention: KeyAttention?
    /// Only in the answer that created it.
    public var key: String?

    enum CodingKeys: String, CodingKey {
        case id, kind, name, hint, holder
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
        case allowedAddresses = "allowed_addresses"
        case abilities
        case leakedAt = "leaked_at"
        case leakReporter = "leak_reporter"
        case leakURL = "leak_url"
        case attention, key
    }

    init(_ stored: APIKey, at now: Int64, key: String? = nil) {
        id = stored.id
        kind = stored.kind
        name = stored.name
        hint = stored.hint
        holder = stored.holder.isEmpty ? nil : stored.holder
        createdAt = WireTime.text(stored.createdAt)
        expiresAt = stored.expiresAt.map(WireTime.text)
        revokedAt = stored.revokedAt.map(WireTime.text)
        lastUsedAt = stored.lastUsedAt.map(WireTime.text)
        allowedAddresses = stored.limits.addresses.texts
        abilities = stored.kind.hasAbilities ? stored.limits.abilities.names : nil
        leakedAt = (stored.leak?.at).map(WireTime.text)
        leakReporter = stored.leak.flatMap { $0.reporter.isEmpty ? nil : $0.reporter }
        leakURL = stored.leak.flatMap { $0.url.isEmpty ? nil : $0.url }
        attention = stored.attention(at: now)
        self.key = key
    }
}

/// What `GET /v1/keys` answers.
public struct KeyListing: Codable, Sendable {
    public var keys: [KeyDescription]
}
