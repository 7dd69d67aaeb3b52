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

    /// Looks at some workspaces, one after the other. Returns what has changed since the last time.
    ///
    /// - Parameter report: told of a workspace that could not be looked at, or whose alerts could not be told. The others
    ///   are looked at all the same, and it is tried again next time.
    @discardableResult
    public func look(
        at workspaces: [String], report: (_ workspace: String, PermissionError) -> Void
    ) async -> [AgentAlertChange] {
        var changes: [AgentAlertChange] = []
        for workspace in workspaces {
            do { changes += try await look(at: workspace) } catch { report(workspace, error) }
        }
        return changes
    }

    /// Looks at the keys that are nobody's, where there are several workspaces. No workspace is told of them: they may be
    /// guesses at any.
    public func lookAtServer() async throws(PermissionError) -> AgentAlertChange? {
        let hour = try await metrics.figures(.hour, workspace: AgentMetrics.server)
        guard let change = change(of: .failedAuthentications, workspace: AgentMetrics.server, hour: hour, day: hour)
        else { return nil }
        remember([change])
        return change
    }

    private func look(at workspace: String) async throws(PermissionError) -> [AgentAlertChange] {
        let hour = try await metrics.figures(.hour, workspace: workspace)
        let day = try await metrics.figures(.day, workspace: workspace)
        let changes = AgentAlert.allCases.compactMap { change(of: $0, workspace: workspace, hour: hour, day: day) }
        guard !changes.isEmpty else { return [] }
        try await database.write(throwing: PermissionError.self) { transaction in
            for change in changes { try self.outbox.enqueue(change, in: transaction) }
        }
        remember(changes)
        return changes
    }

    private func remember(_ changes: [AgentAlertChange]) {
        raised.withLock { raised in
            for change in changes {
                let key = Key(workspace: change.workspace, alert: change.alert)
                if change.isRaised { raised.insert(key) } else { raised.remove(key) }
            }
        }
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
