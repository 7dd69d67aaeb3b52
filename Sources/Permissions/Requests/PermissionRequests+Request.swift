import AuditLog
import Encodings
import EnclaveLink
import Policies
import Storage
import Workspaces

extension PermissionRequests {
    /// Asks for a permission: the policies decide, or leave it to people. What is asked for again while it waits for
    /// people is the same request. Throws `invalidFields`, `agentStopped`, `tooManyPending`, `idempotencyKeyReused`.
    public func request(
        _ wish: PermissionWish, for caller: AgentCaller
    ) async throws(PermissionError) -> PermissionAnswer {
        guard wish.tokenFormat == .opaque || signer != nil else {
            throw .invalidField("tokenFormat", "must be opaque: this server signs no tokens")
        }
        let draft = try PermissionDraft(wish, for: caller, now: clock.now())
        let set = try await policies.set(workspace: caller.workspace.id)
        let counts = set.asksForRate(action: wish.action, agentId: caller.agent.id)
        let verdict = counts ? nil : set.evaluate(draft.facts)
        let (admission, ended) = try await database.write(throwing: PermissionError.self) { transaction in
            var ended: [PermissionChange] = []
            try draft.requireInForce(in: transaction)
            if let replay = try RequestRecord.claim(draft, in: transaction) { return (replay, ended) }
            let verdict = try verdict ?? evaluate(draft, by: set, in: transaction)
            return (try admit(draft, verdict, &ended, in: transaction), ended)
        }
        journal.announce(ended)
        return try await answer(admission, to: caller)
    }

    /// Counted in the unit of work that adds to the count, so that of requests at the same time each sees another one.
    private func evaluate(
        _ draft: PermissionDraft, by set: PolicySet, in transaction: any Transaction
    ) throws -> PolicyVerdict {
        let hour: Int64 = 3_600_000
        let row = try transaction.row(
            "SELECT COUNT(*) FROM permission WHERE workspace = $1 AND agent = $2 AND action = $3 AND mode = $4 AND id >= $5",
            [
                .text(draft.caller.workspace.id), .text(draft.caller.agent.id), .text(draft.wish.action),
                .text(draft.caller.mode.rawValue), .text(PermissionIdentifier.first(at: draft.now - hour)),
            ])
        return set.evaluate(try draft.facts(requestsInLastHour: Int(try row?.integer(0) ?? 0)))
    }

    private func admit(
        _ draft: PermissionDraft, _ verdict: PolicyVerdict, _ ended: inout [PermissionChange],
        in transaction: any Transaction
    ) throws -> Admission {
        let permission = try draft.permission(by: verdict)
        if let granted = permission.granted { try permission.tokenFormat.requireRoom(for: granted) }
        let token = permission.isCollected ? Self.freshToken() : nil
        if permission.status == .pending {
            if let asked = try askedBefore(draft, &ended, in: transaction) {
                try RequestRecord.point(draft, to: asked, in: transaction)
                return .known(asked, isReplay: false)
            }
            if try draft.hasTooManyPending(in: transaction) {
                try refuse(draft, permission, in: transaction)
                return .refused(.tooManyPending(limit: Self.pendingLimit))
            }
        }
        guard try permission.insert(token: token?.digest, in: transaction) else {
            throw PermissionError.unavailable("the same request was made at the same time")
        }
        try RequestRecord.point(draft, to: permission, in: transaction)
        let change = PermissionChange(kind: permission.status.kind, permission: permission, time: draft.now)
        try journal.record(
            change, as: .permissionRequested, outcome: permission.status == .denied ? .refused : .done,
            origin: draft.caller.origin, detail: permission.requestDetail, in: transaction)
        return .fresh(permission, token)
    }

    /// The same request of the same agent, if people are being asked about it.
    private func askedBefore(
        _ draft: PermissionDraft, _ ended: inout [PermissionChange], in transaction: any Transaction
    ) throws -> Permission? {
        guard let asked = try draft.askedBefore(in: transaction) else { return nil }
        if asked.status(at: draft.now) == .pending { return asked }
        // Its time is over, or what asked was stopped, and nobody wrote that down yet.
        let change =
            if let stop = asked.stop {
                try endings.revoke(asked, reason: stop.reason, origin: .system, in: transaction)
            } else {
                try expire(asked, at: draft.now, in: transaction)
            }
        if let change { ended.append(change) }
        return nil
    }

    private func refuse(
        _ draft: PermissionDraft, _ permission: Permission, in transaction: any Transaction
    ) throws {
        try RequestRecord.release(draft, in: transaction)
        try journal.audit.append(
            AuditEntry(
                workspace: permission.workspace, time: draft.now, action: .permissionRequested, record: "",
                agent: permission.agent, outcome: .refused, origin: draft.caller.origin, detail: "tooManyPending"),
            in: transaction)
    }

    private func answer(
        _ admission: Admission, to caller: AgentCaller
    ) async throws(PermissionError) -> PermissionAnswer {
        switch admission {
        case .refused(let error): throw error
        case .known(let permission, let isReplay):
            return PermissionAnswer(permission: permission, token: nil, isReplay: isReplay)
        case .fresh(let permission, let token):
            journal.count(request: permission)
            if permission.isCollectable { return try await handOut(permission, to: caller) }
            return PermissionAnswer(permission: permission, token: token, isReplay: false)
        }
    }

    static func freshToken() -> PermissionToken {
        var generator = SystemRandomNumberGenerator()
        return PermissionToken(using: &generator)
    }
}

/// What became of a wish in its unit of work.
enum Admission: Sendable {
    case fresh(Permission, PermissionToken?)
    case known(Permission, isReplay: Bool)
    /// The refusal is recorded.
    case refused(PermissionError)
}

extension PermissionStatus {
    /// What a request came to at once.
    fileprivate var kind: PermissionChange.Kind {
        switch self {
        case .approved: .approved
        case .denied: .denied
        default: .requested
        }
    }
}

extension Permission {
    /// What the audit says of a request: what it came to, by which policy, and the request's digest.
    fileprivate var requestDetail: String {
        let by = policy.map { "\($0.id)@\($0.version)" } ?? "-"
        return "\(mode.rawValue) \(status.rawValue) \(by) sha256:\(Hexadecimal.encode(digest))"
    }
}
