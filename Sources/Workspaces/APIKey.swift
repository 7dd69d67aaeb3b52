/// A key as it is stored: everything but the key.
public struct APIKey: Equatable, Sendable {
    public var workspace: String
    /// `key_` and 16 random characters.
    public var id: String
    public var kind: KeyKind
    public var name: String
    /// The agent or approver that it belongs to; empty for a key of the workspace's own.
    public var holder: String
    /// To recognise it by: prefix and last four characters, of a stamp key the last eight digits of the public key.
    public var hint: String
    /// Unix milliseconds, as all times here.
    public var createdAt: Int64
    public var expiresAt: Int64?
    public var revokedAt: Int64?
    /// Exact to half a minute.
    public var lastUsedAt: Int64?
    public var limits = KeyLimits()
    /// Nil for a key that nobody reported.
    public var leak: KeyLeak?
}

/// A key's text was seen where it does not belong.
public struct KeyLeak: Equatable, Sendable {
    /// Unix milliseconds.
    public let at: Int64
    /// Who said so, by the name in the configuration; empty for anybody who had the key.
    public let reporter: String
    /// Where it was seen; empty where nobody said.
    public let url: String
}

/// A fresh key and its text, which nobody can read again.
public struct CreatedAPIKey: Sendable {
    public let key: APIKey
    public let secret: SecretKey
}

/// Who calls: a key that was found to be in force, and its workspace.
public struct Caller: Sendable {
    public let workspace: Workspace
    public let keyIdentifier: String
    public let kind: KeyKind
    /// The agent or approver that the key belongs to; empty for a key of the workspace's own.
    public let holder: String
    /// Unix milliseconds; nil for a key that does not expire.
    public let expiresAt: Int64?
    public let limits: KeyLimits

    public init(
        workspace: Workspace, keyIdentifier: String, kind: KeyKind, holder: String = "", expiresAt: Int64? = nil,
        limits: KeyLimits = KeyLimits()
    ) {
        self.workspace = workspace
        self.keyIdentifier = keyIdentifier
        self.kind = kind
        self.holder = holder
        self.expiresAt = expiresAt
        self.limits = limits
    }

    /// Throws `abilityMissing`. A key of a kind with rights of its own is judged by those.
    public func require(_ ability: KeyAbility) throws(WorkspaceError) {
        guard limits.abilities.contains(ability) else { throw .abilityMissing(ability) }
    }
}
