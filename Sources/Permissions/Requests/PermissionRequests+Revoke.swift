import AuditLog
import Policies
import Storage
import Workspaces

extension PermissionRequests {
    /// Ends a permission: an agent its own, an operator any; also a request that waits for people. Throws `notFound`,
    /// `notRevocable`, `notPermitted`, `invalidFields`.
    public func revoke(
        _ id: String, reason: String?, by caller: PermissionCaller
    ) async throws(PermissionError) -> Permission {
        let by = try Revoker(caller)
        try PermissionDecision.check(reason)
        let change = try await database.write(throwing: PermissionError.self) { transaction in
            let record = try PermissionRecord.find(id, workspace: by.workspace, in: transaction)
            guard let record, by.agent.map(record.permission.belongs) ?? true else {
                throw PermissionError.notFound("permission")
            }
            let change = try endings.revoke(
                record.permission, reason: reason ?? by.usualReason, origin: by.origin, in: transaction)
            guard let change else { throw PermissionError.notRevocable() }
            return change
        }
        journal.announce([change])
        return change.permission
    }

    /// Ends what is open when something larger than a permission ends.
    public var endings: PermissionEndings {
        PermissionEndings(database: database, journal: journal, clock: clock)
    }
}

/// Who ends a permission.
private struct Revoker: Sendable {
    let workspace: String
    let origin: RequestOrigin
    /// Nil for an operator, who may end any.
    let agent: AgentCaller?

    /// Throws `notPermitted` for verifiers, and for approvers who administer nothing.
    init(_ caller: PermissionCaller) throws(PermissionError) {
        switch caller {
        case .agent(let caller): (agent, origin) = (caller, caller.origin)
        case .approver, .verifier: (agent, origin) = (nil, try caller.operator().origin)
        }
        workspace = caller.workspace.id
    }

    var usualReason: String { agent == nil ? "Revoked by an operator." : "Revoked by the agent." }
}
