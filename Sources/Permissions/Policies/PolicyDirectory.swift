import AuditLog
import JOSE
import Policies
import Storage
import Workspaces

/// The policies of the workspaces, in the database and ready to be asked.
public struct PolicyDirectory: Sendable {
    let database: any Database
    let clock: WallClock
    let audit = AuditTrail()
    /// The sets that were asked lately, by workspace.
    let sets: ChangeCache<String, PolicySet>

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
        sets = ChangeCache(isAllowed: database.hasOneOwner)
    }
}

/// A policy as it is stored.
public struct StoredPolicy: Sendable, Equatable {
    public var workspace: String
    /// With its identifier (`pol_…`) and version.
    public var policy: Policy
    /// Unix milliseconds.
    public var createdAt: Int64
    public var updatedAt: Int64
}

/// What applying a set of policies did, or would do.
public struct PolicyApplication: Sendable, Equatable {
    /// By name.
    public var created: [String]
    public var changed: [String]
    public var deleted: [String]
    /// The version of the workspace's policies afterwards.
    public var version: Int
}

extension PolicyDirectory {
    /// Throws `invalidFields`.
    public func create(
        _ policy: Policy, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> StoredPolicy {
        throw .unavailable("not built yet")
    }

    /// Throws `notFound`.
    public func policy(_ id: String, workspace: String) async throws(PermissionError) -> StoredPolicy {
        throw .unavailable("not built yet")
    }

    /// A page of the workspace's policies, in the order in which they decide.
    public func list(workspace: String, _ page: PageWish) async throws(PermissionError) -> Page<StoredPolicy> {
        throw .unavailable("not built yet")
    }

    /// Puts another policy in the place of one, which keeps its identifier and counts one version more. `change` makes
    /// it of what is stored. Throws `notFound`, `invalidFields`.
    public func change(
        _ id: String, workspace: String, origin: RequestOrigin,
        _ change: @escaping @Sendable (Policy) throws -> Policy
    ) async throws(PermissionError) -> StoredPolicy {
        throw .unavailable("not built yet")
    }

    /// Deletes a policy. What it said stays for the grants that name it. Throws `notFound`.
    public func delete(_ id: String, workspace: String, origin: RequestOrigin) async throws(PermissionError) {
        throw .unavailable("not built yet")
    }

    /// Makes the workspace's policies these, all at once: those of a name that is there change, others are made, and
    /// what is not among them is deleted. Throws `invalidFields`, and `policiesChanged` if the policies are no longer
    /// those of `version` (nil to take any).
    public func apply(
        _ policies: [Policy], version: Int?, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) -> PolicyApplication {
        throw .unavailable("not built yet")
    }

    /// All policies of a workspace in the order in which they decide, those that are not active last, and the version of
    /// the whole.
    public func all(workspace: String) async throws(PermissionError) -> (policies: [StoredPolicy], version: Int) {
        throw .unavailable("not built yet")
    }

    /// What a policy said in a version, also of one that was deleted. Throws `notFound`.
    public func document(
        _ id: String, version: Int, workspace: String
    ) async throws(PermissionError) -> StoredJSON {
        throw .unavailable("not built yet")
    }

    /// The workspace's policies, ready to be asked.
    public func set(workspace: String) async throws(PermissionError) -> PolicySet {
        throw .unavailable("not built yet")
    }
}
