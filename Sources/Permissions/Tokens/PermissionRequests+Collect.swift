import AuditLog
import Storage
import Workspaces

extension PermissionRequests {
    /// The permission, for the agent that asked for it. The first time after people approved it, the token comes along.
    /// Throws `notFound`; and what is wrong with a caller who was let in and since then may not be.
    public func collect(_ id: String, for caller: AgentCaller) async throws(PermissionError) -> PermissionAnswer {
        let permission = try await own(id, of: caller)
        guard permission.isCollectable else {
            return PermissionAnswer(permission: permission, token: nil, isReplay: false)
        }
        return try await handOut(permission, to: caller)
    }

    /// Makes the token of an approved permission and hands it out, unless somebody else does at the same time.
    func handOut(
        _ permission: Permission, to caller: AgentCaller
    ) async throws(PermissionError) -> PermissionAnswer {
        let token = try await token(of: permission, for: caller)
        let isMine = try await database.write(throwing: PermissionError.self) { transaction in
            let now = clock.now()
            if let refusal = try caller.whyNotInForce(at: now, in: transaction) { throw refusal }
            return try take(permission, token, at: now, origin: caller.origin, in: transaction)
        }
        // Whoever came first has the token; what became of the permission meanwhile is read anew.
        let current = try await own(permission.id, of: caller)
        if isMine, permission.mode == .live { journal.counters.add(.tokenIssued) }
        return PermissionAnswer(permission: current, token: isMine ? token : nil, isReplay: false)
    }

    private func token(
        of permission: Permission, for caller: AgentCaller
    ) async throws(PermissionError) -> PermissionToken {
        guard permission.tokenFormat == .jwt else { return Self.freshToken() }
        guard let signer else { throw .unavailable("nobody signs tokens") }
        return try await signer.sign(permission, for: caller)
    }

    private func own(_ id: String, of caller: AgentCaller) async throws(PermissionError) -> Permission {
        let permission = try await permission(id, workspace: caller.workspace.id)
        guard permission.belongs(to: caller) else { throw .notFound("permission") }
        return permission
    }

    /// Makes this the permission's token. False if it has one, or is no longer approved: it was looked at before the token
    /// was signed.
    private func take(
        _ permission: Permission, _ token: PermissionToken, at now: Int64, origin: RequestOrigin,
        in transaction: any Transaction
    ) throws -> Bool {
        let current = try PermissionRecord.find(permission.id, workspace: permission.workspace, in: transaction)
        guard current?.permission.status(at: now) == .approved else { return false }
        let changed = try transaction.execute(
            """
            UPDATE permission SET token = $3
            WHERE workspace = $1 AND id = $2 AND status = 'approved' AND token IS NULL AND expires_at > $4
            """,
            [.text(permission.workspace), .text(permission.id), .bytes(token.digest), .integer(now)])
        guard changed == 1 else { return false }
        try journal.audit.append(
            AuditEntry(
                workspace: permission.workspace, time: now, action: .permissionCollected, record: permission.id,
                agent: permission.agent, origin: origin), in: transaction)
        return true
    }
}

extension Permission {
    /// True once it was approved and its token waits for the agent.
    var isCollectable: Bool { status == .approved && !isCollected }

    /// True for the agent that asked for it, in the same mode.
    func belongs(to caller: AgentCaller) -> Bool { agent == caller.agent.id && mode == caller.mode }

    /// True for the agent that asked for it, and for verifiers of its mode.
    func isKnown(to caller: TokenCaller) -> Bool {
        switch caller {
        case .agent(let caller): belongs(to: caller)
        case .verifier(let caller): mode == caller.mode
        }
    }
}
