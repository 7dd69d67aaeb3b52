import AuditLog
import Storage
import Workspaces

extension Agents {
    /// Changes what `change` changes, if the outcome is valid. Switching an agent off (`isActive`) ends all that it was
    /// permitted and all that it asked for, at once. Throws `invalidFields`, `notFound`.
    public func update(
        _ id: String, workspace: String, origin: RequestOrigin,
        _ change: @escaping @Sendable (inout AgentProfile) throws -> Void
    ) async throws(PermissionError) -> Agent {
        try await stopping(in: workspace, origin: origin) { transaction in
            let before = try find(id, workspace: workspace, in: transaction)
            var agent = before
            try change(&agent.profile)
            try agent.profile.check()
            agent.profile.originator = try resolve(agent.profile.originator, workspace: workspace, in: transaction)
            if agent.profile.isActive, !before.profile.isActive {
                try requireEnded(of: id, in: workspace, transaction)
            }
            agent.updatedAt = clock.now()
            try agent.update(in: transaction)
            try record(
                .agentChanged, id, workspace: workspace, origin: origin,
                detail: agent.profile.changes(since: before.profile), in: transaction)
            return agent
        }
    }

    /// Deletes an agent, its keys and what they opened. Its audit entries stay; its permissions, whose contexts may name
    /// people, are erased by `prune`. Throws `notFound`.
    public func delete(_ id: String, workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        try await stopping(in: workspace, origin: origin) { transaction in
            let now = clock.now()
            guard try Agent.bury(id, workspace: workspace, at: now, in: transaction) else {
                throw PermissionError.notFound("agent")
            }
            try keys.erase(holder: id, workspace: workspace, in: transaction)
            try record(.agentDeleted, id, workspace: workspace, origin: origin, in: transaction)
        }
    }

    /// Erases the permissions of agents that were deleted, and then the agents' rows.
    public func prune() async throws(PermissionError) {
        let buried = try await database.read(throwing: PermissionError.self) { transaction in
            try transaction.rows("SELECT workspace, id FROM agent WHERE deleted_at IS NOT NULL LIMIT 100", [])
                .map { (workspace: try $0.text(0), agent: try $0.text(1)) }
        }
        for (workspace, agent) in buried {
            try await database.prune(throwing: PermissionError.self) { count, transaction in
                try Self.erasePermissions(of: agent, workspace: workspace, count: count, in: transaction)
            }
        }
    }

    /// Erases at most `count` permissions that ended, and the agent once none is left. Returns how many there were.
    private static func erasePermissions(
        of agent: String, workspace: String, count: Int, in transaction: any Transaction
    ) throws -> Int {
        let left = try transaction.rows(
            """
            SELECT id FROM permission
            WHERE workspace = $1 AND agent = $2 AND status NOT IN ('pending', 'approved') LIMIT $3
            """, [.text(workspace), .text(agent), .integer(Int64(count))])
        for row in left { try PermissionRecord.erase(try row.text(0), workspace: workspace, in: transaction) }
        if left.count < count {
            try transaction.execute(
                "DELETE FROM permission_request WHERE workspace = $1 AND agent = $2", [.text(workspace), .text(agent)])
            try transaction.execute(
                """
                DELETE FROM agent WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM permission WHERE workspace = $1 AND agent = $2)
                """, [.text(workspace), .text(agent)])
        }
        return left.count
    }
}

extension AgentProfile {
    /// The names of what differs, for the audit.
    func changes(since before: AgentProfile) -> String {
        let all: [(String, Bool)] = [
            ("name", name != before.name), ("description", description != before.description),
            ("metadata", metadata != before.metadata), ("originator", originator != before.originator),
            ("clientKey", clientKey != before.clientKey),
            ("allowedAddresses", allowedAddresses != before.allowedAddresses),
            ("rateLimit=\(rateLimit)", rateLimit != before.rateLimit),
            ("isActive=\(isActive)", isActive != before.isActive),
        ]
        return all.filter(\.1).map(\.0).joined(separator: " ")
    }
}
