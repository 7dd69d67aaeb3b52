import Storage
import Workspaces

/// Figures of a workspace or of one of its agents over the last while.
public struct AgentMetrics: Sendable {
    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// The figures of a period that ends now. `agent` is nil for all agents of the workspace; test keys do not count.
    public func figures(
        _ period: MetricsPeriod, agent: String? = nil, workspace: String
    ) async throws(PermissionError) -> AgentFigures {
        throw .unavailable("not built yet")
    }
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
