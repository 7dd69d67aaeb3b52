import Policies
import Workspaces

extension PermissionDraft {
    /// The permission that a verdict makes of the wish.
    ///
    /// A test key asks nobody: what needs people is approved at once. Throws `invalidFields` where people cannot be shown
    /// what they would grant.
    func permission(by verdict: PolicyVerdict) throws(PermissionError) -> Permission {
        let asksPeople = verdict.action == .requireApproval && caller.mode == .live
        let isDenied = verdict.action == .deny
        let decision = asksPeople ? nil : decided(by: verdict)
        let lifeEnd = now + Int64(wish.lifetime) * 1000
        return try Permission(
            workspace: caller.workspace.id, id: PermissionIdentifier.make(at: now), mode: caller.mode,
            agent: caller.agent.id, key: caller.keyIdentifier, action: wish.action, resource: wish.resource,
            scope: scope, context: context, digest: digest,
            status: asksPeople ? .pending : isDenied ? .denied : .approved,
            granted: isDenied ? nil : StoredJSON(verdict.scope), reason: reason(of: verdict),
            policy: verdict.policy.flatMap { policy in
                policy.id.map { GrantingPolicy(id: $0, version: policy.version) }
            },
            approvalsNeeded: asksPeople ? verdict.approval.approvers : 0,
            matchNumber: asksPeople && verdict.approval.numberMatching ? Self.number() : nil,
            statement: asksPeople ? ApprovalStatement(self, verdict, until: lifeEnd) : nil,
            // A token that the enclave signs is handed out after the request was stored.
            decision: decision, tokenFormat: wish.tokenFormat,
            isCollected: decision?.approved == true && wish.tokenFormat == .opaque,
            usesLeft: decision?.approved == true ? verdict.scope.maxUses : 0, uses: 0, createdAt: now,
            // What a key opened ends with it.
            expiresAt: min(lifeEnd, caller.keyExpiresAt ?? lifeEnd))
    }

    private func decided(by verdict: PolicyVerdict) -> Permission.Decided {
        Permission.Decided(
            approved: verdict.action != .deny,
            by: [verdict.policy?.id.map { "policy:\($0)" } ?? (caller.mode == .test ? "test" : "policy")],
            channel: .policy, at: now)
    }

    private func reason(of verdict: PolicyVerdict) -> String {
        guard verdict.action == .requireApproval, caller.mode == .test else { return verdict.reason }
        return "Approved at once, because test keys ask nobody: a live key's request waits for a person."
    }

    /// Two digits, which a person carries from one screen to the other (NIST SP 800-63B §5.1.3.2).
    private static func number() -> String {
        let number = Int.random(in: 0...99)
        return (number < 10 ? "0" : "") + String(number)
    }
}

extension StoredJSON {
    init(_ scope: Scope) { self.init(text: scope.description) }
}
