import AuditLog
import Policies
import Storage
import Workspaces

/// What applying a set of policies did.
public struct PolicyApplication: Sendable {
    /// From the policies before to those of the set.
    public let diff: PolicyDiff
    /// The version of the workspace's policies afterwards.
    public let version: Int
}

extension PolicyDirectory {
    /// Makes the workspace's policies these, all at once: those of a name that is there change, others are made, and
    /// what is not among them is deleted. Throws `invalidFields`, also for a policy that could never decide, and
    /// `policiesChanged` if the policies are no longer those of `version` (nil to take any).
    public func apply(
        _ policies: [Policy], version: Int?, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> PolicyApplication {
        try await changing(workspace) { transaction, all in
            let trial = try Self.compare(all, with: policies, version: version, workspace: workspace, in: transaction)
            var kept: [StoredPolicy] = []
            for policy in policies {
                let known = all.first { $0.policy.name == policy.name }
                kept.append(try put(policy, over: known, workspace, origin, in: transaction))
            }
            for gone in all where !kept.contains(where: { $0.id == gone.id }) {
                _ = try StoredPolicy.delete(gone.id, workspace: workspace, in: transaction)
                try record(.policyDeleted, gone, origin: origin, in: transaction)
            }
            try Self.order(kept, workspace: workspace, in: transaction)
            try recordApplication(trial.diff, workspace: workspace, origin: origin, in: transaction)
            let after = all == kept ? trial.version : trial.version + 1
            all = kept
            return PolicyApplication(diff: trial.diff, version: after)
        }
    }

    /// What `apply` would do, with the version as it is. Changes nothing, and throws as `apply` does.
    public func trial(
        of policies: [Policy], version: Int?, workspace: String
    ) async throws(PermissionError) -> PolicyApplication {
        try await database.read(throwing: PermissionError.self) { transaction in
            let all = try StoredPolicy.all(workspace: workspace, in: transaction)
            return try Self.compare(all, with: policies, version: version, workspace: workspace, in: transaction)
        }
    }

    /// What a set changes, where it may take the place of the policies that are stored.
    private static func compare(
        _ all: [StoredPolicy], with policies: [Policy], version: Int?, workspace: String,
        in transaction: any Transaction
    ) throws -> PolicyApplication {
        let current = try Self.version(of: workspace, in: transaction)
        guard version == nil || version == current else { throw PermissionError.policiesChanged() }
        try requireNames(of: policies)
        try requireAgents(of: policies, workspace: workspace, in: transaction)
        try PolicySet(policies).checkReachable()
        return PolicyApplication(diff: PolicyDiff(from: all.map(\.policy), to: policies), version: current)
    }

    private func put(
        _ policy: Policy, over known: StoredPolicy?, _ workspace: String, _ origin: RequestOrigin,
        in transaction: any Transaction
    ) throws -> StoredPolicy {
        guard var known else {
            let stored = fresh(policy, workspace: workspace)
            try stored.insert(at: 0, in: transaction)
            try record(.policyCreated, stored, origin: origin, in: transaction)
            return stored
        }
        guard known.policy.document != policy.document else { return known }
        known.take(policy, at: clock.now())
        try known.update(in: transaction)
        try record(.policyChanged, known, origin: origin, in: transaction)
        return known
    }

    /// The order of the set decides what priority and action leave open.
    private static func order(
        _ policies: [StoredPolicy], workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        for (position, policy) in policies.enumerated() {
            try transaction.execute(
                "UPDATE policy SET position = $3 WHERE workspace = $1 AND id = $2",
                [.text(workspace), .text(policy.id), .integer(Int64(position))])
        }
    }

    private static func requireNames(of policies: [Policy]) throws(PermissionError) {
        var names: Set<String> = []
        for policy in policies where !names.insert(policy.name).inserted {
            throw .invalidFields([
                .init(policy: policy.name, field: "name", message: "stands for two policies of the set")
            ])
        }
    }

    private func recordApplication(
        _ diff: PolicyDiff, workspace: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) {
        let counts = "\(diff.added.count) created, \(diff.changed.count) changed, \(diff.removed.count) deleted"
        try audit.append(
            AuditEntry(
                workspace: workspace, time: clock.now(), action: .policiesApplied, record: workspace, origin: origin,
                detail: counts), in: transaction)
    }
}
