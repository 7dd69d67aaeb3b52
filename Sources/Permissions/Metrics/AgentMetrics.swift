import Storage
import Workspaces

/// Figures of a workspace or of one of its agents over the last while. Test keys do not count.
public struct AgentMetrics: Sendable {
    /// What stands in a workspace's place where something is nobody's: the server as a whole.
    public static let server = "-"

    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// The figures of a period that ends now. `agent` is nil for all agents of the workspace together.
    public func figures(
        _ period: MetricsPeriod, agent: String? = nil, workspace: String
    ) async throws(PermissionError) -> AgentFigures {
        let now = clock.now()
        return try await database.read(throwing: PermissionError.self) { transaction in
            let wanted: [SQLValue] = [.text(workspace), .text(agent ?? "")]
            let failures = try transaction.row(
                """
                SELECT COALESCE(SUM(failures), 0) FROM failed_authentication
                WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND minute > $3
                """, wanted + [.integer((now - period.length) / 60_000)])
            let counts = try transaction.row(
                Self.counting, wanted + [.text(PermissionIdentifier.first(at: now - period.length)), .integer(now)])
            return try AgentFigures(period, counts, failures: Int(try failures?.integer(0) ?? 0))
        }
    }

    /// What nobody decided in time counts as expired, whether or not it was written down yet.
    private static let counting: StaticString = """
        SELECT COUNT(*),
            COALESCE(SUM(CASE WHEN decision = 'approved' THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN decision = 'denied' THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN status = 'pending' AND expires_at > $4 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN decision IS NULL AND status <> 'revoked' AND expires_at <= $4 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN token IS NOT NULL THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN uses > 0 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN token IS NOT NULL AND uses = 0 AND (status = 'revoked' OR expires_at <= $4)
                THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN decision = 'approved' AND approvals_needed > 0 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN decision = 'approved' AND approvals_needed > 0 THEN decided_at - created_at
                ELSE 0 END), 0)
        FROM permission WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND id >= $3 AND mode = 'live'
        """
}

/// How far back figures go.
public enum MetricsPeriod: String, CaseIterable, Sendable {
    case hour = "1h"
    case day = "24h"
    case week = "7d"
    case month = "30d"

    /// Milliseconds.
    public var length: Int64 {
        switch self {
        case .hour: 3_600_000
        case .day: 86_400_000
        case .week: 604_800_000
        case .month: 2_592_000_000
        }
    }
}

/// What agents asked for in a period, and what became of it.
public struct AgentFigures: Sendable, Equatable {
    public var period: MetricsPeriod
    public var requests: Int
    /// By policy and by people; used, expired and revoked ones included.
    public var approved: Int
    public var denied: Int
    public var pending: Int
    /// Requests that nobody decided in time.
    public var expired: Int
    public var tokensIssued: Int
    /// Tokens that were used at least once.
    public var tokensUsed: Int
    /// Tokens that ended without having been used.
    public var tokensUnused: Int
    public var failedAuthentications: Int
    /// Milliseconds from a request to its approval by people, on average; nil where there was none.
    public var averageApproval: Int?

    /// Denied ones among those that were decided; 0 where none was.
    public var denialRate: Double {
        approved + denied == 0 ? 0 : Double(denied) / Double(approved + denied)
    }

    /// Unused tokens among those that ended or were used; 0 where there is none.
    public var unusedTokenRate: Double {
        tokensUsed + tokensUnused == 0 ? 0 : Double(tokensUnused) / Double(tokensUsed + tokensUnused)
    }
}

extension AgentFigures {
    /// Reads the counts of requests, approved, denied, pending and expired ones, of tokens issued, used and unused, and
    /// of approvals by people with the sum of their milliseconds.
    fileprivate init(_ period: MetricsPeriod, _ row: Row?, failures: Int) throws(StorageError) {
        func count(_ column: Int) throws(StorageError) -> Int { Int(try row?.integer(column) ?? 0) }
        let approvals = try count(8)
        self.init(
            period: period, requests: try count(0), approved: try count(1), denied: try count(2),
            pending: try count(3), expired: try count(4), tokensIssued: try count(5), tokensUsed: try count(6),
            tokensUnused: try count(7), failedAuthentications: failures,
            averageApproval: approvals == 0 ? nil : try count(9) / approvals)
    }
}
