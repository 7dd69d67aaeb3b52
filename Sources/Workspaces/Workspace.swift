import EnclaveLink

/// A tenant: its own keys, quotas, limits and contacts.
public struct Workspace: Equatable, Sendable {
    /// `ws_` and 20 random characters. The audience of its tokens.
    public var id: String
    public var name: String
    public var subscription: Subscription
    public var settings: WorkspaceSettings
    /// Unix milliseconds.
    public var createdAt: Int64

    public init(id: String, name: String, subscription: Subscription, settings: WorkspaceSettings, createdAt: Int64) {
        self.id = id
        self.name = name
        self.subscription = subscription
        self.settings = settings
        self.createdAt = createdAt
    }
}

extension Workspace {
    /// The mode of sealed challenges: a sandbox proves nothing to anybody outside.
    public var sealedMode: ChallengeMode { settings.sandbox ? .test : .live }
}

/// Whether the workspace is paid for, where an operator bills its tenants.
public enum Subscription: String, CaseIterable, Sendable, Codable {
    case active, inactive
    case pastDue = "past_due"
}
