import AuditLog
import Policies
import Storage
import Workspaces

extension PolicyDirectory {
    /// Adds a policy. Throws `invalidFields`, also for one that could never decide.
    public func create(
        _ policy: Policy, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> StoredPolicy {
        let stored = fresh(policy, workspace: workspace)
        try await changing(workspace) { transaction, all in
            try Self.requireAgents(of: [policy], workspace: workspace, in: transaction)
            all.append(stored)
            try Self.requireReachable(stored, among: all)
            try stored.insert(at: try Self.nextPosition(in: workspace, transaction), in: transaction)
            try record(.policyCreated, stored, origin: origin, in: transaction)
        }
        return stored
    }

    /// Puts another policy in the place of one, which keeps its identifier and counts one version more. `change` makes
    /// it of what is stored. Throws `notFound`, `invalidFields`.
    public func change(
        _ id: String, workspace: String, origin: RequestOrigin,
        _ change: @escaping @Sendable (Policy) throws -> Policy
    ) async throws(PermissionError) -> StoredPolicy {
        try await changing(workspace) { transaction, all in
            guard let place = all.firstIndex(where: { $0.id == id }) else { throw PermissionError.notFound("policy") }
            let changed = try change(all[place].policy)
            try Self.requireAgents(of: [changed], workspace: workspace, in: transaction)
            all[place].take(changed, at: clock.now())
            try Self.requireReachable(all[place], among: all)
            try all[place].update(in: transaction)
            try record(.policyChanged, all[place], origin: origin, in: transaction)
            return all[place]
        }
    }

    /// Deletes a policy. What it said stays for the grants that name it. Throws `notFound`.
    public func delete(_ id: String, workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        try await changing(workspace) { transaction, all in
            guard let place = all.firstIndex(where: { $0.id == id }) else { throw PermissionError.notFound("policy") }
            let gone = all.remove(at: place)
            _ = try StoredPolicy.delete(id, workspace: workspace, in: transaction)
            try record(.policyDeleted, gone, origin: origin, in: transaction)
        }
    }

    /// A unit of work that changes a workspace's policies: they make sense together afterwards, count one version more,
    /// and decide from the next request on.
    func changing<Value: Sendable>(
        _ workspace: String,
        _ work: @escaping @Sendable (any Transaction, _ all: inout [StoredPolicy]) throws -> Value
    ) async throws(PermissionError) -> Value {
        try await database.write(throwing: PermissionError.self, forgetting: sets.forgetAll) { transaction in
            let before = try StoredPolicy.all(workspace: workspace, in: transaction)
            var all = before
            let value = try work(transaction, &all)
            if all == before { return value }
            _ = try PolicySet(all.map(\.policy))
            try transaction.execute(
                """
                INSERT INTO policy_set (workspace, version) VALUES ($1, 1)
                ON CONFLICT (workspace) DO UPDATE SET version = policy_set.version + 1
                """, [.text(workspace)])
            return value
        }
    }

    func fresh(_ policy: Policy, workspace: String) -> StoredPolicy {
        let now = clock.now()
        let id = "pol_" + RandomIdentifier.hexadecimal(length: 16)
        return StoredPolicy(
            workspace: workspace, policy: policy.stored(as: id, version: 1), createdAt: now, updatedAt: now)
    }

    func record(
        _ action: AuditAction, _ policy: StoredPolicy, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: policy.workspace, time: clock.now(), action: action, record: policy.id, origin: origin,
                detail: "version=\(policy.policy.version)"), in: transaction)
    }

    /// A rule for an agent that does not exist would silently never apply.
    static func requireAgents(of policies: [Policy], workspace: String, in transaction: any Transaction) throws {
        let known = try Set(policies.compactMap(\.agentId)).filter { agent in
            try transaction.row(
                "SELECT 1 FROM agent WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL",
                [.text(workspace), .text(agent)]) != nil
        }
        let faults = policies.filter { $0.agentId.map { !known.contains($0) } ?? false }.map { policy in
            PolicyError.Fault(policy: policy.name, field: "agentId", message: "is no agent of this workspace")
        }
        if !faults.isEmpty { throw PermissionError.invalidFields(faults) }
    }

    /// A rule that one before it always forestalls is a mistake of whoever wrote it. That it forestalls others may be meant.
    private static func requireReachable(_ policy: StoredPolicy, among all: [StoredPolicy]) throws(PolicyError) {
        try PolicySet(all.map(\.policy)).checkReachable { $0.id == policy.id }
    }

    private static func nextPosition(
        in workspace: String, _ transaction: any Transaction
    ) throws(StorageError) -> Int {
        let row = try transaction.row(
            "SELECT COALESCE(MAX(position), 0) + 1 FROM policy WHERE workspace = $1", [.text(workspace)])
        return Int(try row?.integer(0) ?? 1)
    }
}

extension StoredPolicy {
    /// Becomes another rule under the same identifier.
    mutating func take(_ policy: Policy, at now: Int64) {
        self.policy = policy.stored(as: id, version: self.policy.version + 1)
        updatedAt = now
    }
}
