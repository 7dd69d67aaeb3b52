import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// The people of a workspace who decide what agents ask for, and their keys.
public struct Approvers: Sendable {
    /// Approvers of one workspace.
    public static let limit = 1_000

    let database: any Database
    let keys: APIKeys
    let clock: WallClock
    let audit: AuditTrail
    let enclave: any EnclaveCalling

    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, keys: APIKeys,
        clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.enclave = enclave
        self.keys = keys
        self.clock = clock
    }

    /// Registers a person. `isActive` is false for somebody who only stands behind agents.
    /// Throws `invalidFields`, also for an address that another approver has.
    public func create(
        name: String, address: EmailAddress, isActive: Bool = true, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> Approver {
        let approver = Approver(
            workspace: workspace, id: "apr_" + RandomIdentifier.hexadecimal(length: 16), name: name, address: address,
            isActive: isActive, createdAt: clock.now())
        try Self.check(name)
        let person = try enclave.person(approver)
        try await database.write(throwing: PermissionError.self) { transaction in
            let row = try transaction.row("SELECT COUNT(*) FROM approver WHERE workspace = $1", [.text(workspace)])
            guard try row?.integer(0) ?? 0 < Self.limit else {
                throw WorkspaceError.invalidSetting("a workspace has at most \(Self.limit) approvers")
            }
            let inserted = try transaction.execute(
                """
                INSERT INTO approver (workspace, id, name, address, is_active, created_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, address) DO NOTHING
                """,
                [
                    .text(workspace), .text(approver.id), .text(name), .text(address.text),
                    .integer(isActive ? 1 : 0), .integer(approver.createdAt),
                ])
            guard inserted == 1 else { throw PermissionError.invalidField("address", "belongs to another approver") }
            try record(
                .approverCreated, approver.id, person, workspace: workspace, origin: origin, in: transaction)
        }
        return approver
    }

    /// All approvers of a workspace, oldest first.
    public func list(workspace: String) async throws(PermissionError) -> [Approver] {
        try await database.read(throwing: PermissionError.self) { transaction in
            try transaction.rows(
                """
                SELECT id, name, address, is_active, created_at FROM approver
                WHERE workspace = $1 ORDER BY created_at, id
                """, [.text(workspace)]
            ).map { try Approver($0, workspace: workspace) }
        }
    }

    /// The approver with an identifier or an address, in any case of letters. Throws `notFound`.
    public func approver(_ name: String, workspace: String) async throws(PermissionError) -> Approver {
        try await database.read(throwing: PermissionError.self) { transaction in
            try find(name, workspace: workspace, in: transaction)
        }
    }

    /// Lets somebody decide, or no longer: then their keys are revoked, at once and for good. Throws `notFound`.
    public func setActive(
        _ isActive: Bool, _ id: String, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) {
        try await keys.changing(throwing: PermissionError.self) { transaction in
            let changed = try transaction.execute(
                "UPDATE approver SET is_active = $3 WHERE workspace = $1 AND id = $2",
                [.text(workspace), .text(id), .integer(isActive ? 1 : 0)])
            guard changed == 1 else { throw PermissionError.notFound("approver") }
            let person = try enclave.person(find(id, workspace: workspace, in: transaction))
            if !isActive {
                try revokeKeys(of: id, workspace: workspace, origin: origin, in: transaction)
                try transaction.execute(
                    "DELETE FROM approver_session WHERE workspace = $1 AND approver = $2",
                    [.text(workspace), .text(id)])
            }
            try record(
                .approverChanged, id, person, workspace: workspace, origin: origin, detail: "isActive=\(isActive)",
                in: transaction)
        }
    }

    /// Makes a key (`uk_live_…`) with which a person decides, or also administers. `lifetime` is in days.
    /// Throws `notFound`, `invalidFields` for somebody who is switched off, `workspace` with `invalidSetting`.
    public func createKey(
        for id: String, role: ApproverRole = .approver, workspace: String, name: String = "", lifetime: Int? = nil,
        origin: RequestOrigin
    ) async throws(PermissionError) -> CreatedAPIKey {
        let kind: KeyKind = role == .operator ? .operator : .approver
        let key: CreatedAPIKey
        do { key = try keys.draft(kind, workspace: workspace, name: name, holder: id, lifetime: lifetime) } catch {
            throw PermissionError(error)
        }
        try await database.write(throwing: PermissionError.self) { transaction in
            let approver = try find(id, workspace: workspace, in: transaction)
            // The key's holder is an identifier, so that nobody is two people by their address.
            guard approver.id == id else { throw PermissionError.notFound("approver") }
            guard approver.isActive else {
                throw PermissionError.invalidField("id", "is an approver who is switched off: switch them on first")
            }
            try keys.add(key, origin: origin, in: transaction)
        }
        return key
    }

    private func revokeKeys(
        of id: String, workspace: String, origin: RequestOrigin, in transaction: any Transaction
    ) throws {
        let now = clock.now()
        for key in try keys.keys(of: id, workspace: workspace, in: transaction) where key.isInForce(at: now) {
            guard try keys.end(key.id, workspace: workspace, at: now, in: transaction) else { continue }
            try audit.append(
                AuditEntry(workspace: workspace, time: now, action: .keyRevoked, record: key.id, origin: origin),
                in: transaction)
        }
    }

    private func find(_ name: String, workspace: String, in transaction: any Transaction) throws -> Approver {
        guard let approver = try Approver.find(named: name, workspace: workspace, in: transaction) else {
            throw PermissionError.notFound("approver")
        }
        return approver
    }

    private static func check(_ name: String) throws(PermissionError) {
        guard !name.isEmpty, RecordName.isValid(name) else {
            throw .invalidField("name", "must have 1 to 100 characters on one line")
        }
    }

    private func record(
        _ action: AuditAction, _ approver: String, _ person: AuditSubject, workspace: String, origin: RequestOrigin,
        detail: String = "", in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: workspace, time: clock.now(), action: action, record: approver, origin: origin,
                subject: person, detail: detail), in: transaction)
    }
}
