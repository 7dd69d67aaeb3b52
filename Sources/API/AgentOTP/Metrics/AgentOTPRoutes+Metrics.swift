import HTTPServer
import Permissions

extension AgentOTPRoutes {
    func registerMetrics(in router: inout Router) throws {
        try on(.GET, "/metrics", in: &router, showMetrics)
    }

    /// `GET /metrics`: an agent's own figures, or the workspace's.
    @Sendable private func showMetrics(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let period = try QueryReader(request).choice("period", MetricsPeriod.self) ?? .hour
        var agent: String?
        if case .agent(let caller) = caller { agent = caller.agent.id } else { _ = try caller.operator() }
        let figures = try await rooms.permissions.metrics.figures(
            period, agent: agent, workspace: caller.workspace.id)
        return Envelope.data(FiguresText(figures).object)
    }
}
