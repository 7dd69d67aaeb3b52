import Storage

/// Reads the log back.
public struct AuditReader: Sendable {
    /// Entries that a total counts, at most: a longer log is not counted to its end for each page.
    public static let countLimit = 100_000

    let database: any Database

    public init(database: any Database) { self.database = database }

    /// Entries that match, the newest first. Throws `StorageError`.
    ///
    /// - Parameters:
    ///   - offset: how many of the newest are left out.
    ///   - limit: how many come, at most.
    public func entries(
        _ filter: AuditFilter, workspace: String, offset: Int, limit: Int
    ) async throws -> [RecordedEntry] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT sequence, time, actor, action, record, outcome, request, address, detail, agent, user_agent
                FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND ($3 = '' OR record = $3)
                    AND ($4 = '' OR action = $4) AND time >= $5 AND time <= $6 AND sequence < $9
                ORDER BY sequence DESC LIMIT $7 OFFSET $8
                """,
                filter.values(workspace) + [
                    .integer(Int64(limit)), .integer(Int64(offset)), .integer(filter.before ?? .max),
                ]
            ).map { try RecordedEntry($0, workspace: workspace) }
        }
    }

    /// How many entries match, counted to `countLimit`. Throws `StorageError`.
    public func count(_ filter: AuditFilter, workspace: String) async throws -> Int {
        try await database.read { transaction in
            let row = try transaction.row(
                """
                SELECT COUNT(*) FROM (
                    SELECT 1 FROM audit_entry
                    WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND ($3 = '' OR record = $3)
                        AND ($4 = '' OR action = $4) AND time >= $5 AND time <= $6
                    LIMIT $7) AS matching
                """, filter.values(workspace) + [.integer(Int64(Self.countLimit))])
            return Int(try row?.integer(0) ?? 0)
        }
    }

    /// How many entries match, by action. Throws `StorageError`.
    public func counts(_ filter: AuditFilter, workspace: String) async throws -> [(action: String, count: Int)] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT action, COUNT(*) FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND ($3 = '' OR record = $3)
                    AND ($4 = '' OR action = $4) AND time >= $5 AND time <= $6
                GROUP BY action ORDER BY action
                """, filter.values(workspace)
            ).map { (try $0.text(0), Int(try $0.integer(1))) }
        }
    }
}

/// Which entries somebody wants to see.
public struct AuditFilter: Sendable, Equatable {
    public var agent: String?
    /// The identifier of what was acted on.
    public var record: String?
    public var action: AuditAction?
    /// Unix milliseconds, both included.
    public var from: Int64?
    public var to: Int64?
    /// Only entries in front of that sequence number, for reading on.
    public var before: Int64?

    public init(agent: String? = nil, record: String? = nil, action: AuditAction? = nil) {
        self.agent = agent
        self.record = record
        self.action = action
    }

    fileprivate func values(_ workspace: String) -> [SQLValue] {
        [
            .text(workspace), .text(agent ?? ""), .text(record ?? ""), .text(action?.rawValue ?? ""),
            .integer(from ?? 0), .integer(to ?? .max),
        ]
    }
}

/// An entry as it stands in the log.
public struct RecordedEntry: Sendable, Equatable {
    public var workspace: String
    /// From 1, without a gap, in each workspace.
    public var sequence: Int64
    /// Unix milliseconds.
    public var time: Int64
    /// Who acted, as `Principal` describes it.
    public var actor: String
    public var action: String
    public var record: String
    public var agent: String
    public var outcome: String
    public var request: String
    public var address: String
    public var userAgent: String
    public var detail: String

    fileprivate init(_ row: Row, workspace: String) throws(StorageError) {
        self.workspace = workspace
        sequence = try row.integer(0)
        time = try row.integer(1)
        actor = try row.text(2)
        action = try row.text(3)
        record = try row.text(4)
        outcome = try row.text(5)
        request = try row.text(6)
        address = try row.text(7)
        detail = try row.text(8)
        agent = try row.text(9)
        userAgent = try row.text(10)
    }
}
