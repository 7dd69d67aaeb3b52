import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// The short while after a code for which the approval page knows who sits before it.
///
/// How many there are is limited by the codes that an address gets.
public struct ApproverSessions: Sendable {
    /// Seconds.
    public static let lifetime = 900

    let database: any Database
    let clock: WallClock
    let audit: AuditTrail
    let enclave: any EnclaveCalling

    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.enclave = enclave
        self.clock = clock
    }

    /// Lets the active approver in who just proved to have this address. `challenge` names the proof in the audit.
    /// Throws `notFound` where the workspace has none.
    public func open(
        for address: EmailAddress, provenBy challenge: String, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> ApproverSessionToken {
        let token = ApproverSessionToken()
        let now = clock.now()
        try await database.write(throwing: PermissionError.self) { transaction in
            guard let approver = try Approver.find(named: address.text, workspace: workspace, in: transaction),
                approver.isActive
            else { throw PermissionError.notFound("approver") }
            try transaction.execute(
                "INSERT INTO approver_session (workspace, digest, approver, expires_at) VALUES ($1, $2, $3, $4)",
                [
                    .text(workspace), .bytes(token.digest), .text(approver.id),
                    .integer(now + Int64(Self.lifetime) * 1000),
                ])
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .approverIdentified, record: approver.id,
                    origin: origin.by(approver), subject: try enclave.person(approver), detail: challenge),
                in: transaction)
        }
        return token
    }

    /// The approver who was let in with a token; nil for another workspace's, for one whose time is over, and where the
    /// approver was switched off since.
    public func approver(
        _ token: ApproverSessionToken, workspace: String
    ) async throws(PermissionError) -> Approver? {
        let now = clock.now()
        return try await database.read(throwing: PermissionError.self) { transaction in
            try transaction.row(
                """
                SELECT a.id, a.name, a.address, a.is_active, a.created_at FROM approver_session s
                JOIN approver a ON a.workspace = s.workspace AND a.id = s.approver
                WHERE s.workspace = $1 AND s.digest = $2 AND s.expires_at > $3 AND a.is_active = 1
                """, [.text(workspace), .bytes(token.digest), .integer(now)]
            ).map { try Approver($0, workspace: workspace) }
        }
    }

    /// Forgets who sits before the page.
    public func end(
        _ token: ApproverSessionToken, of approver: Approver, origin: RequestOrigin
    ) async throws(PermissionError) {
        let now = clock.now()
        let person = try enclave.person(approver)
        try await database.write(throwing: PermissionError.self) { transaction in
            let ended = try transaction.execute(
                "DELETE FROM approver_session WHERE workspace = $1 AND digest = $2",
                [.text(approver.workspace), .bytes(token.digest)])
            guard ended == 1 else { return }
            try audit.append(
                AuditEntry(
                    workspace: approver.workspace, time: now, action: .approverLeft, record: approver.id,
                    origin: origin.by(approver), subject: person), in: transaction)
        }
    }

    /// Deletes those whose time is over.
    public func prune() async throws(PermissionError) {
        let now = clock.now()
        try await database.prune(throwing: PermissionError.self) { count, transaction in
            try transaction.execute(
                """
                DELETE FROM approver_session WHERE (workspace, digest) IN
                    (SELECT workspace, digest FROM approver_session WHERE expires_at <= $1 LIMIT $2)
                """, [.integer(now), .integer(Int64(count))])
        }
    }
}

extension RequestOrigin {
    /// The same request, now that it is known whose it is.
    func by(_ approver: Approver) -> RequestOrigin {
        var origin = self
        origin.principal = .approver(approver.id)
        return origin
    }
}
