import Storage
import Workspaces

/// What a request needs to know of its agent, as it is remembered from one to the next.
struct KnownAgent: Sendable {
    var agent: Agent
    /// Whether all agents of the workspace were switched off.
    var workspaceIsStopped: Bool

    var mayAct: Bool { agent.profile.isActive && !workspaceIsStopped }
}

extension Agents {
    /// The agent behind a key. Nil for one that was deleted.
    func known(_ id: String, workspace: String) async throws(PermissionError) -> KnownAgent? {
        let (found, generation) = known.find(id)
        if let found { return found }
        let read = try await database.read(throwing: PermissionError.self) { transaction -> KnownAgent? in
            guard let agent = try Agent.find(id, workspace: workspace, in: transaction) else { return nil }
            let stop = try transaction.row("SELECT 1 FROM agent_stop WHERE workspace = $1", [.text(workspace)])
            return KnownAgent(agent: agent, workspaceIsStopped: stop != nil)
        }
        if let read { known.remember(read, for: id, generation: generation) }
        return read
    }
}
