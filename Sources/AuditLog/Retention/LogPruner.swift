import Storage
import TransparencyLog

/// Removes the entries whose time is over from the front of the logs, in whole bundles of 256 (tlog-tiles calls the front
/// the minimum index). The tree stays as it is: hashes are never removed, so that every proof still holds.
public actor LogPruner {
    /// Between two looks. What is due is pruned with the second look that finds the clock steady.
    public static let interval: Duration = .seconds(3_600)

    private let database: any Database
    private let trail: AuditTrail
    private let now: @Sendable () -> Int64
    private let steady: @Sendable () -> Int64
    private let isSigned: @Sendable (String) async -> Bool
    private var clock = ClockWatch()

    /// - Parameters:
    ///   - now: the time in Unix milliseconds.
    ///   - steady: milliseconds of a clock that nobody sets.
    ///   - isSigned: whether all is well with a workspace's log. One in doubt keeps all that it has.
    public init(
        database: any Database, trail: AuditTrail, now: @escaping @Sendable () -> Int64,
        steady: @escaping @Sendable () -> Int64, isSigned: @escaping @Sendable (String) async -> Bool
    ) {
        self.database = database
        self.trail = trail
        self.now = now
        self.steady = steady
        self.isSigned = isSigned
    }

    /// Prunes what is due, in steps that others do not have to wait for. The first look prunes nothing, nor does one after
    /// a jump of the clock.
    ///
    /// - Parameter report: is told of each log that could not be pruned; the others are.
    public func look(
        report: @Sendable (_ workspace: String, RetentionError) -> Void
    ) async throws(RetentionError) {
        let now = now()
        guard clock.believes(ClockWatch.Reading(wall: now, steady: steady())) else { return }
        for workspace in try await governed() where await isSigned(workspace) {
            do throws(RetentionError) {
                while try await prune(workspace, at: now), !Task.isCancelled {}
            } catch {
                report(workspace, error)
            }
        }
    }

    /// The workspaces whose logs are under a rule, or were.
    private func governed() async throws(RetentionError) -> [String] {
        try await database.read(throwing: RetentionError.self) { transaction in
            try transaction.rows("SELECT DISTINCT workspace FROM audit_retention ORDER BY workspace", [])
                .map { try $0.text(0) }
        }
    }

    /// One step; false once nothing is due.
    private func prune(_ workspace: String, at now: Int64) async throws(RetentionError) -> Bool {
        let due = try await database.read(throwing: RetentionError.self) { transaction in
            try DueEntries(workspace, at: now, in: transaction)
        }
        guard !due.indices.isEmpty else { return false }
        return try await database.write(throwing: RetentionError.self) { [trail] transaction in
            try due.remove(telling: trail, at: now, in: transaction)
        }
    }
}
