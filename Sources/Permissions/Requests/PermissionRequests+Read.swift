import EnclaveLink
import Storage

/// Which permissions a list shows.
public struct PermissionFilter: Sendable, Equatable {
    public var status: PermissionStatus?
    public var agent: String?
    /// What test keys asked for, or what live ones did; nil for both.
    public var mode: ChallengeMode?

    public init(status: PermissionStatus? = nil, agent: String? = nil, mode: ChallengeMode? = nil) {
        self.status = status
        self.agent = agent
        self.mode = mode
    }
}

extension PermissionRequests {
    /// The permission, for operators and approvers. Throws `notFound`.
    public func permission(_ id: String, workspace: String) async throws(PermissionError) -> Permission {
        try await seen { transaction in
            try PermissionRecord.find(id, workspace: workspace, in: transaction)?.permission
        }
    }

    /// A request that people were asked about, by its identifier alone: whoever was given that may look and wait.
    /// Throws `notFound`.
    public func prompt(_ id: String) async throws(PermissionError) -> Permission {
        try await seen { transaction in try PermissionRecord.prompt(id, in: transaction)?.permission }
    }

    /// A page of permissions, the newest first.
    public func list(
        _ filter: PermissionFilter, workspace: String, _ page: PageWish
    ) async throws(PermissionError) -> Page<Permission> {
        let now = clock.now()
        return try await database.read(throwing: PermissionError.self) { transaction in
            try PermissionRecord.page(filter, page, workspace: workspace, now: now, in: transaction)
        }
    }

    private func seen(
        _ find: @Sendable (any Transaction) throws -> Permission?
    ) async throws(PermissionError) -> Permission {
        guard let permission = try await database.read(throwing: PermissionError.self, find) else {
            throw .notFound("permission")
        }
        return permission.seen(at: clock.now())
    }
}

extension Permission {
    /// As it stands at a time.
    func seen(at now: Int64) -> Permission {
        var permission = self
        permission.status = status(at: now)
        if permission.status == .revoked, let stop { permission.reason = stop.reason }
        return permission
    }
}

extension PermissionRecord {
    fileprivate static func page(
        _ filter: PermissionFilter, _ page: PageWish, workspace: String, now: Int64, in transaction: any Transaction
    ) throws -> Page<Permission> {
        let wanted: [SQLValue] = [
            .text(workspace), .text(filter.agent ?? ""), .text(filter.status?.rawValue ?? ""), .integer(now),
            .text(filter.mode?.rawValue ?? ""),
        ]
        // What is over counts as expired, whether or not it was written down yet.
        let total = try transaction.row(
            """
            SELECT COUNT(*) FROM permission
            WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND ($5 = '' OR mode = $5) AND ($3 = '' OR $3 =
                CASE WHEN status IN ('pending', 'approved') AND expires_at <= $4 THEN 'expired' ELSE status END)
            """, wanted)
        let rows = try transaction.rows(
            """
            SELECT id FROM permission
            WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND ($5 = '' OR mode = $5) AND ($3 = '' OR $3 =
                CASE WHEN status IN ('pending', 'approved') AND expires_at <= $4 THEN 'expired' ELSE status END)
            ORDER BY id DESC LIMIT $6 OFFSET $7
            """, wanted + [.integer(Int64(page.limit)), .integer(Int64(page.offset))])
        return Page(
            items: try rows.compactMap { row in
                try find(try row.text(0), workspace: workspace, in: transaction)?.permission.seen(at: now)
            },
            total: Int(try total?.integer(0) ?? 0), wish: page)
    }
}
