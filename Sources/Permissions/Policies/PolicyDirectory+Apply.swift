import AuditLog
import Policies
import Storage
import Workspaces

/// What applying a set of policies did.
public struct PolicyApplication: Sendable, Equatable {
    /// The names of the policies, in the order of the set; of the deleted ones, in that of the store.
    public var created: [String] = []
    public var changed: [String] = []
    public var deleted: [String] = []
    /// The version of the workspace's policies afterwards.
    public var version = 0
}

extension PolicyDirectory {
    /// Makes the workspace's policies these, all at once: those of a name that is there change, others are made, and
    /// what is not among them is deleted. Throws `invalidFields`, and `policiesChanged` if the policies are no longer
    /// those of `version` (nil to take any).
    public func apply(
        _ policies: [Policy], version: Int?, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> PolicyApplication {
        try Self.requireNames(of: policies)
        return try await changing(workspace) { transaction, all in
            let current = try Self.version(of: workspace, in: transaction)
            guard version == nil || version == current else { throw PermissionError.policiesChanged() }
            for policy in policies { try Self.requireAgent(of: policy, workspace: workspace, in: transaction) }
            var application = PolicyApplication()
            var kept: [StoredPolicy] = []
            for policy in policies {
                let known = all.first { $0.policy.name == policy.name }
                kept.append(try apply(policy, known, &application, workspace, origin, in: transaction))
            }
            for gone in all where !kept.contains(where: { $0.id == gone.id }) {
                _ = try StoredPolicy.delete(gone.id, workspace: workspace, in: transaction)
                application.deleted.append(gone.policy.name)
                try record(.policyDeleted, gone, origin: origin, in: transaction)
            }
            try Self.order(kept, workspace: workspace, in: transaction)
            application.version = all == kept ? current : current + 1
            all = kept
            try recordApplication(application, workspace: workspace, origin: origin, in: transaction)
            return application
        }
    }

    private func apply(
        _ policy: Policy, _ known: StoredPolicy?, _ application: inout PolicyApplication, _ workspace: String,
        _ origin: RequestOrigin, in transaction: any Transaction
    ) throws -> StoredPolicy {
        guard var known else {
            let stored = fresh(policy, workspace: workspace)
            try stored.insert(at: 0, in: transaction)
            application.created.append(policy.name)
            try record(.policyCreated, stored, origin: origin, in: transaction)
            return stored
        }
        guard known.policy.document != policy.document else { return known }
        known.take(policy, at: clock.now())
        try known.update(in: transaction)
        application.changed.append(policy.name)
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
            throw .invalidField("name", "stands for two policies of the set")
        }
    }

    private func recordApplication(
        _ application: PolicyApplication, workspace: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws(StorageError) {
        let counts = [
            "\(application.created.count) created", "\(application.changed.count) changed",
            "\(application.deleted.count) deleted",
        ]
        try audit.append(
            AuditEntry(
                workspace: workspace, time: clock.now(), action: .policiesApplied, record: workspace, origin: origin,
                detail: counts.joined(separator: ", ")), in: transaction)
    }
}
