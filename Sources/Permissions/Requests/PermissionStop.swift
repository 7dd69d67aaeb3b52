import Storage
import Workspaces

/// Why nothing is left of what an agent was permitted, also before that is written down for each permission.
public enum PermissionStop: Sendable, Equatable {
    case agentDeleted, allAgentsOff, agentOff, keyRevoked

    /// On one line, for whoever asks what became of a permission.
    var reason: String {
        switch self {
        case .agentDeleted: "The agent was deleted."
        case .allAgentsOff: "All agents were switched off."
        case .agentOff: "The agent was switched off."
        case .keyRevoked: "The agent's key was revoked."
        }
    }

    /// What the agent gets that was let in just before.
    var error: PermissionError {
        switch self {
        case .agentDeleted, .keyRevoked: .workspace(.keyRevoked())
        case .allAgentsOff, .agentOff: .agentStopped()
        }
    }
}

extension PermissionStop {
    /// Whether an agent and its key are stopped. Every unit of work that lets an agent have or use something asks this:
    /// a stop counts from its commit on, however many permissions there are to be ended after it.
    static func find(
        agent: String, key: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> PermissionStop? {
        let row = try transaction.row(
            """
            SELECT (SELECT is_active FROM agent WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL),
                (SELECT stopped_at FROM agent_stop WHERE workspace = $1),
                (SELECT id FROM api_key WHERE workspace = $1 AND id = $3 AND revoked_at IS NULL)
            """, [.text(workspace), .text(agent), .text(key)])
        guard let isActive = try row?.optionalInteger(0) else { return .agentDeleted }
        if try row?.optionalInteger(1) != nil { return .allAgentsOff }
        if isActive != 1 { return .agentOff }
        return try row?.optionalText(2) == nil ? .keyRevoked : nil
    }
}
