import JOSE
import Policies
import Workspaces

/// What an agent asks for.
public struct PermissionWish: Sendable {
    /// Seconds that a request may live, its token included.
    public static let lifetimes = 30...3_600
    public static let usualLifetime = 300
    /// Characters of an action, and of a resource.
    public static let actionLengths = 1...ActionName.longest
    public static let resourceLengths = 0...PermissionFacts.longestResource

    /// ``ActionName``.
    public var action: String
    /// Of ``resourceLengths``.
    public var resource: String?
    public var scope: JSONValue
    /// What the agent says about it; nobody checked it.
    public var context: JSONValue
    /// Seconds.
    public var lifetime: Int
    public var tokenFormat: TokenFormat
    /// Nil where the agent gives no `Idempotency-Key`.
    public var idempotency: Idempotency?

    public init(
        action: String, resource: String? = nil, scope: JSONValue = .object([]), context: JSONValue = .object([]),
        lifetime: Int = usualLifetime, tokenFormat: TokenFormat = .opaque, idempotency: Idempotency? = nil
    ) {
        self.action = action
        self.resource = resource
        self.scope = scope
        self.context = context
        self.lifetime = lifetime
        self.tokenFormat = tokenFormat
        self.idempotency = idempotency
    }
}

/// What an agent gets for a wish.
public struct PermissionAnswer: Sendable {
    public let permission: Permission
    /// Only where it was approved at once, and only the first time that the wish is answered.
    public let token: PermissionToken?
    /// True where an earlier request with the same `Idempotency-Key` did the work.
    public let isReplay: Bool
}
