import AuditLog
import EnclaveLink
import JOSE
import Permissions
import Policies
import Storage
import Workspaces

/// The rooms of one-time permissions in an installation: a real database, and a clock that tests move.
public final class PermissionRooms: Sendable {
    public let installation: Installation
    /// The installation's, as requests and endings see it.
    public let database: StagedDatabase
    public let events: PermissionEvents
    public let counters = PermissionCounters()
    public let outbox = RecordingOutbox()
    public let policies: PolicyDirectory
    public let agents: Agents
    public let approvers: Approvers
    public let callers: PermissionCallers
    public let refused: RefusedCalls
    public let requests: PermissionRequests
    public let metrics: AgentMetrics

    /// - Parameter waiting: how many may wait.
    public init(waiting: Int = PermissionEvents.usualLimit) async throws {
        installation = try await Installation()
        let (audit, keys, clock) = (installation.audit, installation.keys, installation.time.wall)
        database = StagedDatabase(installation.database)
        events = PermissionEvents(limit: waiting)
        let journal = PermissionJournal(audit: audit, events: events, counters: counters, outbox: outbox)
        policies = PolicyDirectory(database: database, audit: audit, clock: clock)
        agents = Agents(
            database: database, audit: audit, keys: keys,
            endings: PermissionEndings(database: database, journal: journal, clock: clock), clock: clock)
        approvers = Approvers(database: database, audit: audit, enclave: installation.enclave, keys: keys, clock: clock)
        refused = RefusedCalls(database: database, audit: audit, clock: clock)
        callers = PermissionCallers(keys: keys, agents: agents, refused: refused, counters: counters, clock: clock)
        requests = PermissionRequests(
            database: database, policies: policies, journal: journal,
            signer: PermissionTokenSigner(enclave: installation.enclave, issuer: Installation.issuer) {
                [signingKeys = installation.signingKeys] in try signingKeys.current(.permission($0))
            }, clock: clock)
        metrics = AgentMetrics(database: database, clock: clock)
    }

    public var time: ManualTime { installation.time }
    public var now: Int64 { time.now.unixMilliseconds }

    public func workspace() async throws -> Workspace { try await installation.workspace() }
}

extension PermissionRooms {
    /// A fresh agent of a workspace, and its first key.
    public func agent(
        _ workspace: Workspace, mode: ChallengeMode = .live, _ change: (inout AgentProfile) -> Void = { _ in }
    ) async throws -> CreatedAgent {
        var profile = AgentProfile(name: "Robot", rateLimit: 1_000_000)
        change(&profile)
        return try await agents.create(profile, workspace: workspace.id, mode: mode, origin: .system)
    }

    /// A fresh agent as it calls.
    public func agentCaller(
        _ workspace: Workspace, mode: ChallengeMode = .live, _ change: (inout AgentProfile) -> Void = { _ in }
    ) async throws -> AgentCaller {
        try await caller(agent(workspace, mode: mode, change).key.secret.text).agent()
    }

    /// Who calls with a key, from an address.
    public func caller(
        _ key: String?, proof: String? = nil, from address: String? = "192.0.2.1", network: String? = "192.0.2.0/24"
    ) async throws -> PermissionCaller {
        try await callers.authenticate(
            PresentedCredentials(
                key: PresentedKey(text: key, fromBrowser: false, address: address), proof: proof, method: "POST",
                addresses: [Self.address],
                peer: RequestPeer(
                    address: address, network: network, name: "\(address ?? "unix"):1", request: "request",
                    userAgent: "test/1")))
    }

    /// The address that proofs of possession name.
    public static let address = Installation.issuer + "/api/v1/permissions/request"

    /// A person who approves, with a key of their own.
    public func approver(
        _ workspace: Workspace, _ name: String = "anna", role: ApproverRole = .approver
    ) async throws -> ApproverCaller {
        let person = try await approvers.create(
            name: name, address: try address(name), workspace: workspace.id, origin: .system)
        let key = try await approvers.createKey(for: person.id, role: role, workspace: workspace.id, origin: .system)
        return try await caller(key.secret.text).approver()
    }

    public func address(_ name: String) throws -> EmailAddress {
        guard let address = EmailAddress("\(name)@example.com") else { throw Unexpected("an address") }
        return address
    }

    /// A key of a service that acts on tokens.
    public func verifier(_ workspace: Workspace, _ kind: KeyKind = .verifier) async throws -> TokenCaller {
        let key = try await installation.keys.create(
            workspace: workspace.id, kind: kind, name: "service", origin: .system)
        return try await caller(key.secret.text).tokenCaller()
    }

    /// Stores a policy, given as JSON.
    @discardableResult
    public func policy(_ document: String, _ workspace: Workspace) async throws -> StoredPolicy {
        try await policies.create(try Self.policy(document), workspace: workspace.id, origin: .system)
    }

    public static func policy(_ document: String) throws -> Policy {
        try Policy(reading: try JSONValue(parsing: Array(document.utf8)))
    }

    /// Approves all that agents ask for.
    public func approveAll(_ workspace: Workspace) async throws {
        try await policy(
            #"{"name":"all","conditions":{},"action":"auto_approve","matchAll":true,"priority":-1000}"#, workspace)
    }

    /// A wish, its scope and context given as JSON.
    public static func wish(
        _ action: String = "file.read", resource: String? = nil, scope: String = "{}", context: String = "{}",
        lifetime: Int = PermissionWish.usualLifetime, format: TokenFormat = .opaque, idempotency: Idempotency? = nil
    ) throws -> PermissionWish {
        PermissionWish(
            action: action, resource: resource, scope: try json(scope), context: try json(context),
            lifetime: lifetime, tokenFormat: format, idempotency: idempotency)
    }

    public static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    /// A permission that was approved, and its token.
    public func granted(
        _ caller: AgentCaller, scope: String = "{}", lifetime: Int = PermissionWish.usualLifetime
    ) async throws -> (permission: Permission, token: PermissionToken) {
        let answer = try await requests.request(Self.wish(scope: scope, lifetime: lifetime), for: caller)
        guard let token = answer.token else { throw Unexpected("a token") }
        return (answer.permission, token)
    }

    /// All audit entries of a workspace, oldest first, as `action outcome detail`.
    public func auditTrail(_ workspace: Workspace) async throws -> [String] {
        try await installation.auditTrail(workspace)
    }
}

/// What a test expected and did not find.
public struct Unexpected: Error {
    public let missing: String
    public init(_ missing: String) { self.missing = missing }
}

/// Remembers what outgoing webhooks would say.
public final class RecordingOutbox: WebhookOutbox {
    private let recorded = Recorded<PermissionChange>()
    private let alerts = Recorded<AgentAlertChange>()

    public func enqueue(_ change: PermissionChange, in transaction: any Transaction) throws(StorageError) {
        recorded.append(change)
    }

    public func enqueue(_ change: AgentAlertChange, in transaction: any Transaction) throws(StorageError) {
        alerts.append(change)
    }

    public var kinds: [PermissionChange.Kind] { recorded.all.map(\.kind) }
    public var allAlerts: [AgentAlertChange] { alerts.all }
}
