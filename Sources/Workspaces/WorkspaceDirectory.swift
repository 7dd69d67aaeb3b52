import AuditLog
import FoundationEssentials
import Storage

/// The workspaces of this installation.
public struct WorkspaceDirectory: Sendable {
    let database: any Database
    let clock: WallClock
    let audit: AuditTrail
    /// Keys in force, by their digest.
    let callers: ChangeCache<[UInt8], KnownKey>
    /// Workspaces that visitors asked for, by id.
    let visited: ChangeCache<String, Workspace>
    /// The origins that any workspace allows.
    let origins: ChangeCache<AllWorkspaces, Set<String>>
    /// The same as it was read last, however long ago: for answers that cannot wait for a look.
    let lastOrigins = ChangeCache<AllWorkspaces, Set<String>>(isAllowed: true)

    public init(database: any Database, audit: AuditTrail, clock: WallClock = .system) {
        self.database = database
        self.audit = audit
        self.clock = clock
        callers = ChangeCache(isAllowed: database.hasOneOwner)
        visited = ChangeCache(isAllowed: database.hasOneOwner)
        origins = ChangeCache(isAllowed: database.hasOneOwner)
    }

    public func create(name: String, origin: RequestOrigin) async throws(WorkspaceError) -> Workspace {
        let workspace = Workspace(
            id: "ws_" + RandomIdentifier.hexadecimal(length: 20), name: name, subscription: .active,
            settings: WorkspaceSettings(), createdAt: clock.now())
        try workspace.check()
        let settings = try Self.encode(workspace.settings)
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try transaction.execute(
                "INSERT INTO workspace (id, name, subscription, settings, created_at) VALUES ($1, $2, $3, $4, $5)",
                [
                    .text(workspace.id), .text(name), .text(workspace.subscription.rawValue), .text(settings),
                    .integer(workspace.createdAt),
                ])
            try audit.append(
                AuditEntry(
                    workspace: workspace.id, time: workspace.createdAt, action: .workspaceCreated,
                    record: workspace.id, origin: origin), in: transaction)
        }
        return workspace
    }

    /// Throws `notFound`.
    public func workspace(_ id: String) async throws(WorkspaceError) -> Workspace {
        try await database.read(throwing: WorkspaceError.self) { transaction in
            try find(id, in: transaction)
        }
    }

    /// All workspaces, oldest first.
    public func all() async throws(WorkspaceError) -> [Workspace] {
        try await database.read(throwing: WorkspaceError.self) { transaction in
            try transaction.rows(
                "SELECT id, name, subscription, settings, created_at FROM workspace ORDER BY created_at, id", []
            ).map { try workspace(from: $0) }
        }
    }

    /// Changes what `change` changes, if the outcome is valid. Throws `invalidSetting`, `notFound`.
    public func update(
        _ id: String, origin: RequestOrigin, _ change: @escaping @Sendable (inout Workspace) throws -> Void
    ) async throws(WorkspaceError) -> Workspace {
        let now = clock.now()
        return try await database.write(throwing: WorkspaceError.self, forgetting: forgetWhatWasRead) { transaction in
            let before = try find(id, in: transaction)
            var workspace = before
            try change(&workspace)
            try workspace.check()
            try transaction.execute(
                "UPDATE workspace SET name = $2, subscription = $3, settings = $4 WHERE id = $1",
                [
                    .text(id), .text(workspace.name), .text(workspace.subscription.rawValue),
                    .text(try Self.encode(workspace.settings)),
                ])
            try audit.append(
                AuditEntry(
                    workspace: id, time: now, action: .workspaceChanged, record: id, origin: origin,
                    detail: workspace.changes(since: before)), in: transaction)
            try audit.changeRetention(
                of: id, from: before.settings.retention, to: workspace.settings.retention, at: now, origin: origin,
                in: transaction)
            return workspace
        }
    }

    /// The sends of the current month that counted against the quota.
    public func usedQuota(_ id: String) async throws(WorkspaceError) -> Int {
        let month = CalendarMonth(at: clock.now())
        return try await database.read(throwing: WorkspaceError.self) { transaction in
            let row = try transaction.row(
                "SELECT used FROM monthly_use WHERE workspace = $1 AND month = $2", [.text(id), .text(month.name)])
            return Int(try row?.integer(0) ?? 0)
        }
    }

    private func forgetWhatWasRead() {
        callers.forgetAll()
        visited.forgetAll()
        origins.forgetAll()
    }

    private func find(_ id: String, in transaction: any Transaction) throws -> Workspace {
        guard
            let row = try transaction.row(
                "SELECT id, name, subscription, settings, created_at FROM workspace WHERE id = $1", [.text(id)])
        else { throw WorkspaceError.notFound("workspace") }
        return try workspace(from: row)
    }

    /// Reads the columns id, name, subscription, settings, created_at, from `first` on.
    func workspace(from row: Row, first: Int = 0) throws -> Workspace {
        guard let subscription = Subscription(rawValue: try row.text(first + 2)) else {
            throw WorkspaceError.unavailable("a workspace's subscription cannot be read")
        }
        return Workspace(
            id: try row.text(first), name: try row.text(first + 1), subscription: subscription,
            settings: try SettingsCache.shared.settings(try row.text(first + 3)), createdAt: try row.integer(first + 4))
    }

    private static func encode(_ settings: WorkspaceSettings) throws(WorkspaceError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(settings) else {
            throw .unavailable("the settings cannot be written")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Workspace {
    /// The names of what differs, for the audit.
    func changes(since before: Workspace) -> String {
        var names = settings.names(differingFrom: before.settings)
        if name != before.name { names.append("name") }
        if subscription != before.subscription { names.append("subscription=\(subscription.rawValue)") }
        return names.joined(separator: " ")
    }

    /// Throws `invalidSetting`.
    func check() throws(WorkspaceError) {
        guard !name.isEmpty, RecordName.isValid(name) else {
            throw .invalidSetting("name must have 1 to 100 characters and no control characters")
        }
        try settings.check()
    }
}
