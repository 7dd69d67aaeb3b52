import Permissions

/// What the routes for agents and approvers stand on.
public struct PermissionRooms: Sendable {
    public let callers: PermissionCallers
    public let agents: Agents
    public let approvers: Approvers
    public let policies: PolicyDirectory
    public let requests: PermissionRequests
    public let events: PermissionEvents
    public let counters: PermissionCounters
    public let metrics: AgentMetrics

    public init(
        callers: PermissionCallers, agents: Agents, approvers: Approvers, policies: PolicyDirectory,
        requests: PermissionRequests, events: PermissionEvents, counters: PermissionCounters, metrics: AgentMetrics
    ) {
        self.callers = callers
        self.agents = agents
        self.approvers = approvers
        self.policies = policies
        self.requests = requests
        self.events = events
        self.counters = counters
        self.metrics = metrics
    }
}
