import Storage
import Synchronization
import Workspaces

/// Looks at the figures of all workspaces now and then, and tells of each alert once when it is raised and once when it
/// is over. What is raised is remembered by this process: after a restart it is told again.
public final class AlertWatch: Sendable {
    private struct Key: Hashable {
        let workspace: String
        let alert: AgentAlert
    }

    private let database: any Database
    private let metrics: AgentMetrics
    private let outbox: any WebhookOutbox
    private let clock: WallClock
    private let raised = Mutex<Set<Key>>([])

    public init(
        database: any Database, metrics: AgentMetrics, outbox: any WebhookOutbox, clock: WallClock = .system
    ) {
        self.database = database
        self.metrics = metrics
        self.outbox = outbox
        self.clock = clock
    }

    /// Looks at some workspaces. Returns what has changed since the last time.
    @discardableResult
    public func look(at workspaces: [String]) async throws(PermissionError) -> [AgentAlertChange] {
        var changes: [AgentAlertChange] = []
        for workspace in workspaces {
            let hour = try await metrics.figures(.hour, workspace: workspace)
            let day = try await metrics.figures(.day, workspace: workspace)
            changes += AgentAlert.allCases.compactMap { change(of: $0, workspace: workspace, hour: hour, day: day) }
        }
        guard !changes.isEmpty else { return [] }
        let all = changes
        try await database.write(throwing: PermissionError.self) { transaction in
            for change in all { try self.outbox.enqueue(change, in: transaction) }
        }
        raised.withLock { raised in
            for change in all {
                let key = Key(workspace: change.workspace, alert: change.alert)
                if change.isRaised { raised.insert(key) } else { raised.remove(key) }
            }
        }
        return changes
    }

    private func change(
        of alert: AgentAlert, workspace: String, hour: AgentFigures, day: AgentFigures
    ) -> AgentAlertChange? {
        let reading = alert.reading(hour: hour, day: day)
        let isOut = reading.map { $0.value > $0.limit } ?? false
        let was = raised.withLock { $0.contains(Key(workspace: workspace, alert: alert)) }
        guard isOut != was else { return nil }
        return AgentAlertChange(
            workspace: workspace, alert: alert, isRaised: isOut, value: reading?.value ?? 0, limit: reading?.limit ?? 0,
            time: clock.now())
    }
}
