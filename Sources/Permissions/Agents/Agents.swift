import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// The agents of the workspaces: made, changed, switched off, deleted; their keys; the kill switches.
///
/// An agent of another workspace is `notFound`, as one that does not exist.
public struct Agents: Sendable {
    /// Agents of one workspace.
    public static let limit = 10_000

    let database: any Database
    let keys: APIKeys
    let clock: WallClock
    let audit: AuditTrail
    let endings: PermissionEndings
    /// Agents that called lately, by id.
    let known: ChangeCache<String, KnownAgent>

    /// - Parameters:
    ///   - keys: where the agents' keys are.
    ///   - endings: ends what an agent was permitted, when the agent or its key ends.
    public init(
        database: any Database, audit: AuditTrail, keys: APIKeys, endings: PermissionEndings,
        clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.keys = keys
        self.endings = endings
        self.clock = clock
        known = ChangeCache(isAllowed: database.hasOneOwner, limit: 10_000)
    }

    /// Makes an agent and its first key. Throws `invalidFields`, `workspace` with `invalidSetting` where there are too
    /// many.
    ///
    /// - Parameter mode: of the first key: `live` (`ak_live_…`) or `test` (`ak_test_…`).
    public func create(
        _ profile: AgentProfile, workspace: String, mode: ChallengeMode = .live, origin: RequestOrigin
    ) async throws(PermissionError) -> CreatedAgent {
        try profile.check()
        let now = clock.now()
        let agent = Agent(
            workspace: workspace, id: "agt_" + RandomIdentifier.hexadecimal(length: 16), profile: profile,
            createdAt: now, updatedAt: now)
        let key: CreatedAPIKey
        do { key = try keys.draft(mode.agentKeyKind, workspace: workspace, name: "", holder: agent.id) } catch {
            throw PermissionError(error)
        }
        let stored = try await database.write(throwing: PermissionError.self) { transaction in
            try requireRoom(in: workspace, transaction)
            var agent = agent
            agent.profile.originator = try resolve(profile.originator, workspace: workspace, in: transaction)
            try agent.insert(in: transaction)
            try record(.agentCreated, agent.id, workspace: workspace, origin: origin, in: transaction)
            try keys.add(key, origin: origin, in: transaction)
            return agent
        }
        return CreatedAgent(agent: stored, key: key)
    }

    /// Throws `notFound`.
    public func agent(_ id: String, workspace: String) async throws(PermissionError) -> Agent {
        try await database.read(throwing: PermissionError.self) { transaction in
            try find(id, workspace: workspace, in: transaction)
        }
    }

    /// A page of the workspace's agents, oldest first.
    public func list(workspace: String, _ page: PageWish) async throws(PermissionError) -> Page<Agent> {
        try await database.read(throwing: PermissionError.self) { transaction in
            try Agent.page(page, workspace: workspace, in: transaction)
        }
    }

    func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> Agent {
        guard let agent = try Agent.find(id, workspace: workspace, in: transaction) else {
            throw PermissionError.notFound("agent")
        }
        return agent
    }

    /// The approver's identifier behind an originator that is given by identifier or address.
    func resolve(_ originator: String?, workspace: String, in transaction: any Transaction) throws -> String? {
        guard let originator else { return nil }
        let approver = try Approver.find(named: originator, workspace: workspace, in: transaction)
        guard let approver else {
            throw PermissionError.invalidField("originator", "must be an approver of this workspace")
        }
        return approver.id
    }

    func record(
        _ action: AuditAction, _ agent: String, workspace: String, origin: RequestOrigin, detail: String = "",
        in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: workspace, time: clock.now(), action: action, record: agent, agent: agent, origin: origin,
                detail: detail), in: transaction)
    }

    private func requireRoom(in workspace: String, _ transaction: any Transaction) throws {
        let row = try transaction.row(
            "SELECT COUNT(*) FROM agent WHERE workspace = $1 AND deleted_at IS NULL", [.text(workspace)])
        guard try row?.integer(0) ?? 0 < Self.limit else {
            throw WorkspaceError.invalidSetting("a workspace has at most \(Self.limit) agents: delete one first")
        }
    }
}
