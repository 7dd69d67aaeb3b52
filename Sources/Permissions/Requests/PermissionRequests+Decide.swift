import AuditLog
import Policies
import Storage
import Workspaces

extension PermissionRequests {
    /// Decides a pending request. Never answers with a token. Throws `notFound`, `alreadyDecided`, `invalidFields`,
    /// `approverIsOriginator`, `approverUnidentified`, `approvedBefore`, `numberMissing`, `numberWrong`,
    /// `statementChanged`, and for somebody who may no longer decide `notPermitted` or `workspace` with `keyRevoked` or
    /// `keyExpired`. But for the first two each is in the audit.
    ///
    /// The permission stays pending after the first of two approvals. An approval whose changes leave nothing of the
    /// scope is a denial.
    public func decide(
        _ id: String, _ decision: PermissionDecision, by approver: ApproverCaller
    ) async throws(PermissionError) -> Permission {
        try PermissionDecision.check(decision.reason)
        let limit: Scope?
        do { limit = try decision.scopeModifications.map { try Scope($0, field: "scopeModifications") } } catch {
            throw PermissionError(error)
        }
        let outcome = try await database.write(throwing: PermissionError.self) { transaction in
            // Its turn may come late.
            let now = clock.now()
            let record = try PermissionRecord.find(id, workspace: approver.workspace.id, in: transaction)
            guard let record else { throw PermissionError.notFound("permission") }
            guard record.permission.status(at: now) == .pending else { throw PermissionError.alreadyDecided() }
            let deciding = Deciding(
                record: record, decision: decision, limit: limit, approver: approver, now: now, journal: journal)
            return try deciding.run(in: transaction)
        }
        switch outcome {
        case .decided(let change):
            announce(change, of: approver)
            return change.permission
        case .refused(let error, let change):
            if let change { announce(change, of: approver) }
            throw error
        }
    }

    private func announce(_ change: PermissionChange, of approver: ApproverCaller) {
        journal.announce([change])
        guard change.permission.mode == .live else { return }
        switch change.permission.decision?.approved {
        case true: journal.counters.add(.approval(approver.channel))
        case false: journal.counters.add(.denial(approver.channel))
        case nil: break
        }
    }
}

/// What a decision comes to.
enum DecisionOutcome: Sendable {
    case decided(PermissionChange)
    /// The refusal is recorded; of wrong numbers the last one denies the request.
    case refused(PermissionError, PermissionChange?)
}
