import FraudGuard
import Storage
import Workspaces

extension GuardJournal {
    /// Hours of which the guard is told after a start.
    private static let memory: Int64 = 96

    /// Tells the guard what happened before this process started: the stops, and what was sent and verified to each
    /// country, prefix and application, by the hour. Of networks nothing is stored.
    ///
    /// - Parameter workspaces: all of them, with what they set for the guard.
    public func recall(_ workspaces: [Workspace]) async throws(PasscodeError) {
        let terms = Dictionary(workspaces.map { ($0.id, $0.settings.guardTerms) }) { first, _ in first }
        let now = clock.now()
        let hour = now / PasscodeStatistics.hour
        try await database.read(throwing: PasscodeError.self) { transaction in
            let stops = try transaction.rows("SELECT workspace, kind, name, since FROM guard_stop", [])
            let past = try transaction.rows(
                """
                SELECT workspace, dimension, value, hour, sent, failed, verified FROM passcode_statistic
                WHERE hour > $1 AND dimension IN ('prefix', 'country', 'application') AND value <> 'other'
                """, [.integer(hour - Self.memory)])
            try watch.recall { memory in
                for row in past { try Self.recall(row, now: now, in: &memory) }
                for row in stops {
                    let workspace = try row.text(0)
                    guard let kind = RangeKind(rawValue: try row.text(1)), let terms = terms[workspace] else {
                        continue
                    }
                    memory.recall(
                        TrafficRange(kind, try row.text(2)), stoppedSince: try row.integer(3), workspace: workspace,
                        terms: terms, now: now)
                }
            }
        }
    }

    private static func recall(_ row: Row, now: Int64, in memory: inout FraudGuard) throws(StorageError) {
        guard let kind = RangeKind(rawValue: try row.text(1)) else { return }
        // What was sent in the current hour may all be from just now.
        let end = min(now, (try row.integer(3) + 1) * PasscodeStatistics.hour)
        memory.recall(
            TrafficRange(kind, try row.text(2)),
            PastTraffic(time: end, sent: Int(try row.integer(4) - row.integer(5)), verified: Int(try row.integer(6))),
            workspace: try row.text(0), now: now)
    }
}
