/// A key as it is stored: everything but the key.
public struct APIKey: Equatable, Sendable {
    public var workspace: String
    /// `key_` and 16 random characters.
    public var id: String
    public var kind: KeyKind
    public var name: String
    /// To recognise it by: prefix and last four characters, of a stamp key the last eight digits of the public key.
    public var hint: String
    /// Unix milliseconds, as all times here.
    public var createdAt: Int64
    public var expiresAt: Int64?
    public var revokedAt: Int64?
    /// Exact to half a minute.
    public var lastUsedAt: Int64?
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

    public init(workspace: Workspace, keyIdentifier: String, kind: KeyKind) {
        self.workspace = workspace
        self.keyIdentifier = keyIdentifier
        self.kind = kind
    }
}
