import AuditLog
import Storage
import Workspaces

extension Agents {
    /// Switches an agent off and revokes its keys, at once: for one whose keys somebody else may have. What it was
    /// permitted is over. It works again once it is switched on and has a new key. Doing it twice is no error.
    /// Throws `notFound`.
    public func revoke(_ id: String, workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        try await stopping(in: workspace, origin: origin) { transaction in
            var agent = try find(id, workspace: workspace, in: transaction)
            let before = agent.profile
            let now = clock.now()
            for key in try keys.keys(of: id, workspace: workspace, in: transaction) where key.isInForce(at: now) {
                try revoke(key, at: now, origin: origin, in: transaction)
            }
            agent.profile.isActive = false
            agent.updatedAt = now
            try agent.update(in: transaction)
            try record(
                .agentChanged, id, workspace: workspace, origin: origin,
                detail: agent.profile.changes(since: before), in: transaction)
        }
    }
}
