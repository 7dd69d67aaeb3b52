import AuditLog
import Policies
import Storage
import Workspaces

/// One decision about one pending request, in its unit of work.
struct Deciding: Sendable {
    let record: PermissionRecord
    let decision: PermissionDecision
    /// What the approver grants at most; nil for all.
    let limit: Scope?
    let approver: ApproverCaller
    let now: Int64
    let journal: PermissionJournal

    private var permission: Permission { record.permission }

    func run(in transaction: any Transaction) throws -> DecisionOutcome {
        if let refusal = try approver.whyNotInForce(at: now, in: transaction) {
            return try refuse(refusal, in: transaction)
        }
        do throws(PermissionError) {
            try checkStatement()
            guard decision.approved else {
                return .decided(try deny(decision.reason ?? "An approver denied this.", in: transaction))
            }
            try checkNumber()
            try checkLimit()
        } catch {
            return try refuse(error, in: transaction)
        }
        return try approve(in: transaction)
    }

    private func approve(in transaction: any Transaction) throws -> DecisionOutcome {
        let narrowed = try mostGranted().narrowed(by: limit ?? .unlimited)
        if case .scope(let scope, _) = narrowed {
            do throws(PermissionError) {
                try permission.tokenFormat.requireRoom(for: StoredJSON(scope), "scopeModifications")
            } catch {
                return try refuse(error, in: transaction)
            }
        }
        // Last of what can be refused: a refusal commits with its entry, and must not count as an approval.
        if permission.approvalsNeeded > 1, let refusal = try takePlace(in: transaction) {
            return try refuse(refusal, in: transaction)
        }
        switch narrowed {
        case .nothing(let name):
            return .decided(try deny("The approver's changes leave nothing of scope.\(name).", in: transaction))
        case .scope(let scope, _): return .decided(try grant(scope, in: transaction))
        }
    }

    /// Throws `statementChanged` where the approver saw something else.
    private func checkStatement() throws(PermissionError) {
        guard let seen = decision.statementDigest else { return }
        guard seen == permission.statement?.digest else { throw .statementChanged() }
    }

    private func checkNumber() throws(PermissionError) {
        guard let number = permission.matchNumber else { return }
        guard let typed = decision.number else { throw .numberMissing() }
        guard typed == number else { throw .numberWrong() }
    }

    /// Throws `scopeNotNarrowed` for changes that would be dropped without a word.
    private func checkLimit() throws(PermissionError) {
        guard let limit else { return }
        let names = try mostGranted().namesWithoutEffect(of: limit)
        guard names.isEmpty else { throw .scopeNotNarrowed(names) }
    }

    private func mostGranted() throws(PermissionError) -> Scope {
        do { return try Scope(stored: (permission.granted ?? .emptyObject).value()) } catch {
            throw PermissionError(error)
        }
    }

    /// Counts the approver as one of two. Returns why not, where it cannot be.
    private func takePlace(in transaction: any Transaction) throws(StorageError) -> PermissionError? {
        guard let person = approver.person else { return .approverUnidentified() }
        let originator = try transaction.row(
            "SELECT originator FROM agent WHERE workspace = $1 AND id = $2",
            [.text(permission.workspace), .text(permission.agent)])
        if try originator?.text(0) == person { return .approverIsOriginator() }
        let inserted = try transaction.execute(
            """
            INSERT INTO permission_approval (workspace, permission, person, channel, created_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, permission, person) DO NOTHING
            """,
            [
                .text(permission.workspace), .text(permission.id), .text(person), .text(approver.channel.rawValue),
                .integer(now),
            ])
        return inserted == 1 ? nil : .approvedBefore()
    }

    /// Grants what is left of the scope, at once or, before the second approval, as the most that it can grant.
    private func grant(_ scope: Scope, in transaction: any Transaction) throws -> PermissionChange {
        var granted = permission
        granted.granted = StoredJSON(scope)
        let names = try approvers(in: transaction)
        if names.count >= permission.approvalsNeeded {
            granted.status = .approved
            granted.usesLeft = scope.maxUses
            granted.reason = decision.reason
            granted.decision = .init(approved: true, by: names, channel: approver.channel, at: now)
        }
        let kind: PermissionChange.Kind = granted.status == .pending ? .seconded : .approved
        return try store(
            granted, kind, .permissionApproved, "\(names.count) of \(permission.approvalsNeeded)", in: transaction)
    }

    private func deny(_ reason: String, in transaction: any Transaction) throws(PermissionError) -> PermissionChange {
        var denied = permission
        denied.status = .denied
        denied.granted = nil
        denied.reason = reason
        denied.decision = .init(approved: false, by: [approver.name], channel: approver.channel, at: now)
        do { return try store(denied, .denied, .permissionDenied, "", in: transaction) } catch {
            throw PermissionError(error)
        }
    }

    /// Those who approved and still count, this approver last: not who was switched off since, nor who stands behind the
    /// agent by now.
    private func approvers(in transaction: any Transaction) throws(StorageError) -> [String] {
        guard permission.approvalsNeeded > 1 else { return [approver.name] }
        let rows = try transaction.rows(
            """
            SELECT p.person FROM permission_approval p
                JOIN approver a ON a.workspace = p.workspace AND a.id = p.person AND a.is_active = 1
                JOIN agent g ON g.workspace = p.workspace AND g.id = $3 AND g.originator <> p.person
            WHERE p.workspace = $1 AND p.permission = $2 ORDER BY p.created_at, p.person
            """, [.text(permission.workspace), .text(permission.id), .text(permission.agent)])
        let names = try rows.map { row throws(StorageError) in Principal.approver(try row.text(0)).description }
        return names.filter { $0 != approver.name } + [approver.name]
    }

    private func store(
        _ changed: Permission, _ kind: PermissionChange.Kind, _ action: AuditAction, _ word: String,
        in transaction: any Transaction
    ) throws -> PermissionChange {
        guard try changed.decide(at: now, in: transaction) else { throw PermissionError.alreadyDecided() }
        let change = PermissionChange(kind: kind, permission: changed, time: now)
        let saw = permission.statement.map { "sha256:\($0.digest)" } ?? ""
        try journal.record(
            change, as: action, origin: approver.origin,
            detail: [approver.name, approver.channel.rawValue, word, saw].filter { !$0.isEmpty }.joined(separator: " "),
            in: transaction)
        return change
    }

    /// Records a decision that does not count.
    private func refuse(_ error: PermissionError, in transaction: any Transaction) throws -> DecisionOutcome {
        try journal.audit.append(
            AuditEntry(
                workspace: permission.workspace, time: now, action: .permissionDecided, record: permission.id,
                agent: permission.agent, outcome: .refused, origin: approver.origin, detail: error.word),
            in: transaction)
        guard error.code == .numberWrong else { return .refused(error, nil) }
        try transaction.execute(
            "UPDATE permission SET wrong_numbers = wrong_numbers + 1 WHERE workspace = $1 AND id = $2",
            [.text(permission.workspace), .text(permission.id)])
        guard record.wrongNumbers + 1 >= PermissionRequests.wrongNumberLimit else { return .refused(error, nil) }
        return .refused(error, try deny("The number was wrong too often.", in: transaction))
    }
}

extension Permission {
    /// Stores what a decision changed, if the request is still pending. False if somebody else decided it first, or its
    /// time is over.
    fileprivate func decide(at now: Int64, in transaction: any Transaction) throws(StorageError) -> Bool {
        func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
        return try transaction.execute(
            """
            UPDATE permission SET status = $3, granted = $4, reason = $5, decision = $6, decided_by = $7, channel = $8,
                decided_at = $9, uses_left = $10
            WHERE workspace = $1 AND id = $2 AND status = 'pending' AND expires_at > $11
            """,
            [
                .text(workspace), .text(id), .text(status.rawValue), text(granted?.text), text(reason),
                text(decision.map { $0.approved ? "approved" : "denied" }),
                text(decision?.by.joined(separator: " ")), text(decision?.channel.rawValue),
                decision.map { .integer($0.at) } ?? .null, .integer(Int64(usesLeft)), .integer(now),
            ]) == 1
    }
}
