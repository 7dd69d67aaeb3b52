import JOSE

/// All that policies look at when an agent asks for a permission: what it asks for, and what the server knows.
public struct PermissionFacts: Sendable, Equatable {
    /// The longest resource, in characters.
    public static let longestResource = 255

    /// What the agent wants to do; ``ActionName``.
    public let action: String
    /// What it wants to do it to; nil where the request names nothing.
    public let resource: String?
    /// Who asks, as the server knows by the key.
    public let agentId: String
    /// How much it wants.
    public let scope: Scope
    /// What the agent says about it: a JSON object that nobody checked.
    public let context: JSONValue
    /// Whether the request came with a test key.
    public let isTest: Bool
    /// When the request came, in Unix milliseconds.
    public let now: Int64
    /// How many requests for this action this agent made in the hour before this one. Nil where nobody counted, which
    /// ``PolicySet/asksForRate(action:agentId:)`` allows; a rule that asks for it all the same cannot be sure then.
    public let requestsInLastHour: Int?

    /// The facts of one request.
    /// - Throws: `PolicyError` with `invalidRequest`, where the action is none, the resource is too long, or the context
    ///   is no object or can be read in two ways.
    public init(
        action: String, resource: String? = nil, agentId: String, scope: Scope = .unlimited,
        context: JSONValue = .object([]), isTest: Bool = false, now: Int64, requestsInLastHour: Int? = nil
    ) throws(PolicyError) {
        var faults: [PolicyError.Fault] = []
        if !ActionName.isValid(action) {
            faults.append(.init(field: "action", message: "must be lower-case category.operation, such as file.read"))
        }
        if let resource, resource.count > Self.longestResource {
            faults.append(.init(field: "resource", message: "must have at most \(Self.longestResource) characters"))
        }
        if context.members == nil { faults.append(.init(field: "context", message: "must be an object")) }
        if let fault = UnclearContent.fault(in: context) { faults.append(.init(field: "context", message: fault)) }
        guard faults.isEmpty else { throw PolicyError(.invalidRequest, faults) }
        self.action = action
        self.resource = resource
        self.agentId = agentId
        self.scope = scope
        self.context = context
        self.isTest = isTest
        self.now = now
        self.requestsInLastHour = requestsInLastHour
    }
}
