import AuditLog
import Policies
import Storage
import Workspaces

/// The policies of the workspaces, in the database and ready to be asked.
///
/// A policy of another workspace is `notFound`, as one that does not exist.
public struct PolicyDirectory: Sendable {
    let database: any Database
    let clock: WallClock
    let audit: AuditTrail
    /// The sets that were asked lately, by workspace.
    let sets: ChangeCache<String, PolicySet>

    public init(database: any Database, audit: AuditTrail, clock: WallClock = .system) {
        self.database = database
        self.audit = audit
        self.clock = clock
        sets = ChangeCache(isAllowed: database.hasOneOwner)
    }

    /// Throws `notFound`.
    public func policy(_ id: String, workspace: String) async throws(PermissionError) -> StoredPolicy {
        try await database.read(throwing: PermissionError.self) { transaction in
            try Self.find(id, workspace: workspace, in: transaction)
        }
    }

    /// All policies of a workspace in the order in which they were made or stood in their file, and the version of the
    /// whole: 0 before the first change.
    public func all(workspace: String) async throws(PermissionError) -> (policies: [StoredPolicy], version: Int) {
        try await database.read(throwing: PermissionError.self) { transaction in
            (
                try StoredPolicy.all(workspace: workspace, in: transaction),
                try Self.version(of: workspace, in: transaction)
            )
        }
    }

    /// A page of the workspace's policies, in the order of ``all(workspace:)``.
    public func list(workspace: String, _ page: PageWish) async throws(PermissionError) -> Page<StoredPolicy> {
        let all = try await all(workspace: workspace).policies
        return Page(items: Array(all.dropFirst(page.offset).prefix(page.limit)), total: all.count, wish: page)
    }

    /// The workspace's policies, ready to be asked.
    public func set(workspace: String) async throws(PermissionError) -> PolicySet {
        try await sets.value(for: workspace) { () async throws(PermissionError) in
            let stored = try await all(workspace: workspace).policies
            do { return try PolicySet(stored.map(\.policy)) } catch { throw PermissionError(error) }
        }
    }

    /// What a policy said in a version, also of one that was deleted, for the grants that name it. Throws `notFound`.
    public func document(
        _ id: String, version: Int, workspace: String
    ) async throws(PermissionError) -> StoredJSON {
        try await database.read(throwing: PermissionError.self) { transaction in
            let row = try transaction.row(
                "SELECT document FROM policy_version WHERE workspace = $1 AND policy = $2 AND version = $3",
                [.text(workspace), .text(id), .integer(Int64(version))])
            guard let row else { throw PermissionError.notFound("policy") }
            return StoredJSON(text: try row.text(0))
        }
    }

    static func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> StoredPolicy {
        guard let policy = try StoredPolicy.find(id, workspace: workspace, in: transaction) else {
            throw PermissionError.notFound("policy")
        }
        return policy
    }

    static func version(of workspace: String, in transaction: any Transaction) throws(StorageError) -> Int {
        let row = try transaction.row("SELECT version FROM policy_set WHERE workspace = $1", [.text(workspace)])
        return Int(try row?.integer(0) ?? 0)
    }
}
