import AuditLog
import JOSE
import Policies
import Storage
import Workspaces

extension PermissionRequests {
    /// Looks at a token and uses nothing up. Throws `notFound`.
    public func verify(
        _ id: String, _ token: PermissionToken, by caller: TokenCaller
    ) async throws(PermissionError) -> TokenFinding {
        try await database.write(throwing: PermissionError.self) { transaction in
            let now = clock.now()
            let record = try find(id, for: caller, in: transaction)
            let fault = record.fault(of: token, at: now)
            try note(.permissionVerified, record.permission, fault, by: caller, at: now, in: transaction)
            if let fault { return .invalid(fault) }
            let permission = record.permission
            return .valid(
                scope: permission.granted ?? .emptyObject, usesLeft: permission.usesLeft,
                expiresAt: permission.expiresAt)
        }
    }

    /// Uses a token once. `details` say what is about to be done, and are checked against the granted scope; what is
    /// outside is refused, recorded, and uses nothing up. Throws `notFound`.
    public func use(
        _ id: String, _ token: PermissionToken, details: JSONValue?, by caller: TokenCaller
    ) async throws(PermissionError) -> TokenUse {
        let (use, change) = try await database.write(throwing: PermissionError.self) { transaction in
            let now = clock.now()
            let record = try find(id, for: caller, in: transaction)
            if let fault = try record.fault(of: token, at: now) ?? record.permission.violation(in: details) {
                return try (refuse(record, fault, by: caller, at: now, in: transaction), PermissionChange?.none)
            }
            if let change = try spend(record.permission, by: caller, at: now, in: transaction) {
                return (TokenUse.done(usesLeft: change.permission.usesLeft), change)
            }
            // It changed since it was looked at: what it is now says why.
            let current = try find(id, for: caller, in: transaction)
            let fault = current.fault(of: token, at: now) ?? .used
            return try (refuse(current, fault, by: caller, at: now, in: transaction), nil)
        }
        if let change {
            if change.permission.uses == 1, change.permission.mode == .live { journal.counters.add(.tokenUsed) }
            if change.permission.status == .used { journal.announce([change]) }
        }
        return use
    }

    private func refuse(
        _ record: PermissionRecord, _ fault: TokenFault, by caller: TokenCaller, at now: Int64,
        in transaction: any Transaction
    ) throws(StorageError) -> TokenUse {
        try note(.permissionUsed, record.permission, fault, by: caller, at: now, in: transaction)
        return .refused(fault, usesLeft: record.usesLeft(at: now))
    }

    /// Takes one use. Of any number at the same time as many get through as uses are left. Nil for the others.
    private func spend(
        _ permission: Permission, by caller: TokenCaller, at now: Int64, in transaction: any Transaction
    ) throws -> PermissionChange? {
        let row = try transaction.row(
            """
            UPDATE permission SET uses_left = uses_left - 1, uses = uses + 1,
                status = CASE WHEN uses_left = 1 THEN 'used' ELSE status END,
                ended_at = CASE WHEN uses_left = 1 THEN $3 ELSE ended_at END
            WHERE workspace = $1 AND id = $2 AND status = 'approved' AND uses_left > 0 AND expires_at > $3
            RETURNING uses_left, uses
            """, [.text(permission.workspace), .text(permission.id), .integer(now)])
        guard let row else { return nil }
        var used = permission
        used.usesLeft = Int(try row.integer(0))
        used.uses = Int(try row.integer(1))
        if used.usesLeft == 0 {
            used.status = .used
            used.endedAt = now
        }
        let change = PermissionChange(kind: .used, permission: used, time: now)
        try journal.record(
            change, as: .permissionUsed, origin: caller.origin, detail: "\(used.usesLeft) left", in: transaction)
        return change
    }

    private func find(
        _ id: String, for caller: TokenCaller, in transaction: any Transaction
    ) throws -> PermissionRecord {
        let record = try PermissionRecord.find(id, workspace: caller.workspace.id, in: transaction)
        guard let record, record.permission.isKnown(to: caller) else { throw PermissionError.notFound("permission") }
        return record
    }

    /// Records a look at a token, or a use that was refused.
    private func note(
        _ action: AuditAction, _ permission: Permission, _ fault: TokenFault?, by caller: TokenCaller, at now: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        try journal.audit.append(
            AuditEntry(
                workspace: permission.workspace, time: now, action: action, record: permission.id,
                agent: permission.agent, outcome: fault == nil ? .done : .refused, origin: caller.origin,
                detail: fault?.word ?? ""), in: transaction)
    }
}

extension PermissionRecord {
    /// Why a presented token does not count; nil where it does. Whoever has not the token learns nothing of the rest.
    fileprivate func fault(of presented: PermissionToken, at now: Int64) -> TokenFault? {
        guard let token else { return permission.status == .approved ? .wrongToken : .notApproved }
        guard presented.matches(token) else { return .wrongToken }
        switch permission.status(at: now) {
        case .approved: return permission.usesLeft > 0 ? nil : .used
        case .used: return .used
        case .expired: return .expired
        case .revoked: return .revoked
        case .pending, .denied: return .notApproved
        }
    }

    /// The uses that a token has left.
    fileprivate func usesLeft(at now: Int64) -> Int {
        permission.status(at: now) == .approved ? permission.usesLeft : 0
    }
}

extension Permission {
    /// What is wrong with what is about to be done.
    fileprivate func violation(in details: JSONValue?) throws -> TokenFault? {
        let scope = try Scope(stored: (granted ?? .emptyObject).value())
        return scope.violation(in: details).map { .outsideScope($0.reason) }
    }
}
