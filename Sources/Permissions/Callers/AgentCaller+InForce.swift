import Storage
import Workspaces

extension AgentCaller {
    /// Why an agent that was let in is handed nothing any more: its key was revoked or is over, or what it has to prove was
    /// changed meanwhile. Nil where it may be. Asked in the unit of work that hands out: who polls was let in a while ago.
    func whyNotInForce(at now: Int64, in transaction: any Transaction) throws -> PermissionError? {
        if let fault = try APIKey.whyNotInForce(
            keyIdentifier, workspace: workspace.id, from: address, at: now, in: transaction)
        {
            return .workspace(fault)
        }
        guard let profile = try Agent.find(agent.id, workspace: workspace.id, in: transaction)?.profile else {
            return .workspace(.keyInvalid())
        }
        guard profile.clientKey == agent.profile.clientKey else { return .proofRefused("the client key was changed") }
        return profile.allowedAddresses.admits(address) ? nil : .workspace(.addressNotAllowed())
    }
}
