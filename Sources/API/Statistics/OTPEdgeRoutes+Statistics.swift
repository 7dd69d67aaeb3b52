import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    /// `GET /api/v1/passcodes/statistics`: with a live key, an operator's, or over the Unix socket.
    func showStatistics(_ request: Request) async throws -> Response {
        let identity = try await rooms.identify(request, for: .read)
        try Self.requireReader(identity)
        let query = StrictQueryText(request)
        let grouping = try query.choice("by", StatisticsGrouping.allCases, \.name) ?? .by(.channel)
        let period = try query.choice("period", StatisticsPeriod.allCases, \.rawValue) ?? .day
        try query.refuseOthers(than: ["by", "period"])
        let report = try await rooms.challenges.statistics.report(grouping, period, workspace: identity.workspace.id)
        return try Response.json(StatisticsDescription(report, grouping, period))
    }

    /// Throws `keyNotPermitted` for a key that can see no live code: figures are of those alone.
    private static func requireReader(_ identity: CallerIdentity) throws(WorkspaceError) {
        switch identity.authority {
        case .key(.live), .key(.operator), .localUser: return
        case .key: throw .keyNotPermitted("Figures are of live codes: use a live key (sk_live_…) or an operator's.")
        }
    }
}
