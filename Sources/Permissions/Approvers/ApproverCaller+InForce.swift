import AuditLog
import Storage
import Workspaces

extension ApproverCaller {
    /// Why somebody who was let in may no longer decide: switched off since, or the key revoked or over. Nil where they
    /// may. Asked in the unit of work of the decision.
    func whyNotInForce(at now: Int64, in transaction: any Transaction) throws -> PermissionError? {
        if case .key(let id) = origin.principal,
            let fault = try APIKey.whyNotInForce(
                id, workspace: workspace.id, from: address, at: now, in: transaction)
        {
            return .workspace(fault)
        }
        guard let person else { return nil }
        let approver = try Approver.find(named: person, workspace: workspace.id, in: transaction)
        return approver?.isActive == true ? nil : .notPermitted(to: .decide)
    }
}
