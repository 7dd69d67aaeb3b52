/// What an agent wants to be permitted.
public struct PermissionWish: Sendable, Hashable {
    /// Lower-case `category.operation`, such as `gmail.send`.
    public var action: String
    /// What it is to be done to; at most 255 characters.
    public var resource: String?
    /// The limits that the agent asks for and keeps to, such as `["max_amount": 100]`.
    public var scope: [String: PermissionValue]
    /// What the agent says about it. People and policies know that nobody checked it.
    public var context: [String: PermissionValue]
    /// 30 s to an hour, the token's life included.
    public var lifetime: Duration

    public init(
        _ action: String, resource: String? = nil, scope: [String: PermissionValue] = [:],
        context: [String: PermissionValue] = [:], lifetime: Duration = .seconds(300)
    ) {
        self.action = action
        self.resource = resource
        self.scope = scope
        self.context = context
        self.lifetime = lifetime
    }
}
