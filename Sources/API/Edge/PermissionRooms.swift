import AuditLog
import EnclaveLink
import Permissions
import Storage
import Workspaces

/// What the routes for agents and approvers stand on.
public struct PermissionRooms: Sendable {
    public let callers: PermissionCallers
    public let refused: RefusedCalls
    public let agents: Agents
    public let approvers: Approvers
    public let approverSessions: ApproverSessions
    public let policies: PolicyDirectory
    public let requests: PermissionRequests
    public let events: PermissionEvents
    public let counters: PermissionCounters
    public let metrics: AgentMetrics

    /// - Parameters:
    ///   - outbox: where outgoing webhooks go; nil where there are none.
    ///   - signer: signs tokens for agents that want them signed; nil where nobody does.
    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, keys: APIKeys,
        outbox: (any WebhookOutbox)? = nil, signer: PermissionTokenSigner? = nil, clock: WallClock = .system
    ) {
        events = PermissionEvents()
        counters = PermissionCounters()
        let journal = PermissionJournal(audit: audit, events: events, counters: counters, outbox: outbox)
        agents = Agents(
            database: database, audit: audit, keys: keys,
            endings: PermissionEndings(database: database, journal: journal, clock: clock), clock: clock)
        refused = RefusedCalls(database: database, audit: audit, clock: clock)
        callers = PermissionCallers(keys: keys, agents: agents, refused: refused, counters: counters, clock: clock)
        approvers = Approvers(database: database, audit: audit, enclave: enclave, keys: keys, clock: clock)
        approverSessions = ApproverSessions(database: database, audit: audit, enclave: enclave, clock: clock)
        policies = PolicyDirectory(database: database, audit: audit, clock: clock)
        requests = PermissionRequests(
            database: database, policies: policies, journal: journal, signer: signer, clock: clock)
        metrics = AgentMetrics(database: database, clock: clock)
    }
}
