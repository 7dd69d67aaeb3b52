/// Signs what an agent was permitted, so that the service that acts can check it without asking (RFC 7519, RFC 9396).
public struct SignPermission: EnclaveRequest {
    public typealias Reply = SignedPermission
    public static let kind = RequestKind.signPermission
    /// Seconds that it may still live.
    public static let lifetimes = 1...3_600
    /// Bytes of the scope's text, at most.
    public static let scopeLimit = 16 * 1024

    public var issuer: String
    /// The audience.
    public var workspace: String
    public var mode: ChallengeMode
    public var agent: String
    public var permission: String
    public var action: String
    public var resource: String?
    /// The granted scope: a JSON object.
    public var scope: String
    /// The RFC 7638 thumbprint of the agent's own key; nil for an agent without one.
    public var clientKey: String?
    /// Unix milliseconds.
    public var expiresAt: Int64
    /// The loaded key that signs: `permission`, or its test twin.
    public var keyIdentifier: String

    public init(
        issuer: String, workspace: String, mode: ChallengeMode, agent: String, permission: String, action: String,
        resource: String?, scope: String, clientKey: String?, expiresAt: Int64, keyIdentifier: String
    ) {
        self.issuer = issuer
        self.workspace = workspace
        self.mode = mode
        self.agent = agent
        self.permission = permission
        self.action = action
        self.resource = resource
        self.scope = scope
        self.clientKey = clientKey
        self.expiresAt = expiresAt
        self.keyIdentifier = keyIdentifier
    }
}

/// A permission's token in its signed form: a compact JWS of the type `permission+jwt`.
public struct SignedPermission: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<signed permission>" }
}
