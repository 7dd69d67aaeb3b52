import AuditLog
import FraudGuard
import Storage
import Workspaces

/// What the guard has in the store: its stops, so that a restart frees none, with an audit entry and a webhook for each
/// that begins and ends.
public struct GuardJournal: Sendable {
    /// Events that are written in one unit of work.
    private static let step = 200

    let database: any Database
    let audit: AuditTrail
    let watch: SendWatch
    let outbox: (any GuardOutbox)?
    let clock: WallClock

    /// Writes down what began and what ended. What cannot be written is written the next time.
    public func write() async throws(PasscodeError) {
        while true {
            let events = watch.takeEvents(now: clock.now(), atMost: Self.step)
            guard !events.isEmpty else { return }
            do throws(PasscodeError) {
                try await database.write(throwing: PasscodeError.self) { transaction in
                    for event in events { try record(event, in: transaction) }
                }
            } catch {
                watch.putBack(events)
                throw error
            }
        }
    }

    /// Ends a stop. Throws `notFound` where the range is not stopped.
    public func lift(
        _ range: TrafficRange, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        try await write()
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            guard try remove(range, workspace: workspace, in: transaction) else {
                throw WorkspaceError.notFound("stop of this range")
            }
            try append(
                GuardChange(
                    workspace: workspace, kind: .lifted, range: range, figures: [], isEnforced: true, time: now),
                action: .guardLifted, detail: [range.kind.rawValue, range.publicName].joined(separator: " "),
                origin: origin, in: transaction)
        }
        _ = watch.lift(range, workspace: workspace, now: now)
    }

    private func record(_ event: GuardEvent, in transaction: any Transaction) throws {
        let (kind, figures, words) = Self.words(event.change)
        switch kind {
        case .stopped: try insert(event, in: transaction)
        // Who lifted it in the meantime told of its end.
        case .cooled, .lifted:
            guard try remove(event.range, workspace: event.workspace, in: transaction) else { return }
        }
        try append(
            GuardChange(
                workspace: event.workspace, kind: kind, range: event.range, figures: figures,
                isEnforced: event.isEnforced,
                time: event.time), action: kind == .stopped ? .guardStopped : .guardCooled,
            detail: [event.range.kind.rawValue, event.range.publicName, words, event.isEnforced ? "" : "shadow"]
                .filter { !$0.isEmpty }.joined(separator: " "), origin: .system, in: transaction)
    }

    private func append(
        _ change: GuardChange, action: AuditAction, detail: String, origin: RequestOrigin,
        in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: change.workspace, time: change.time, action: action, record: "", origin: origin,
                detail: detail), in: transaction)
        try outbox?.enqueue(change, in: transaction)
    }

    private static func words(_ change: GuardEvent.Change) -> (GuardChange.Kind, [Int], String) {
        switch change {
        case .began(let unverified, let budget): (.stopped, [unverified, budget], "\(unverified) of \(budget)")
        case .cooled(let refused): (.cooled, [refused], "\(refused) refused")
        }
    }

    private func insert(_ event: GuardEvent, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO guard_stop (workspace, kind, name, since) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace, kind, name) DO UPDATE SET since = $4
            """,
            [
                .text(event.workspace), .text(event.range.kind.rawValue), .text(event.range.name), .integer(event.time),
            ])
    }

    private func remove(
        _ range: TrafficRange, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "DELETE FROM guard_stop WHERE workspace = $1 AND kind = $2 AND name = $3",
            [.text(workspace), .text(range.kind.rawValue), .text(range.name)]) == 1
    }
}

extension TrafficRange {
    /// As the audit log may have it, which does not forget: a network may be one person's, an application's name anything.
    var publicName: String {
        switch kind {
        case .prefix, .country: name
        case .network, .application: ""
        }
    }
}
