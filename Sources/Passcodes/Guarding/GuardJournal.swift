import AuditLog
import FraudGuard
import Storage
import Synchronization
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
        while watch.hasEvents(now: clock.now()) { try await writing { _ in } }
    }

    /// Ends a stop. Throws `notFound` where the range is not stopped: of an operator and of what ends stops by itself the
    /// first one ends it, and tells of it.
    public func lift(
        _ range: TrafficRange, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        try await write()
        let now = clock.now()
        let stop = try await writing { transaction in
            let stop = watch.stops(workspace: workspace).first { $0.range == range }
            guard let stop, try remove(range, workspace: workspace, in: transaction) else {
                throw WorkspaceError.notFound("stop of this range")
            }
            try append(
                GuardChange(
                    workspace: workspace, kind: .lifted, range: range, figures: [], isEnforced: stop.isEnforced,
                    time: now), action: .guardLifted,
                detail: Self.detail(range, "", isEnforced: stop.isEnforced), origin: origin, in: transaction)
            return stop
        }
        watch.lift(range, since: stop.since, workspace: workspace, now: now)
    }

    /// Does something in a unit of work that first writes down what happened until then, and so finds the rows as the
    /// guard's memory has it. Events are taken within it: of two at a time, the second one finds what the first one left.
    private func writing<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(PasscodeError) -> Value {
        let taken = TakenEvents()
        do throws(PasscodeError) {
            return try await database.write(throwing: PasscodeError.self) { transaction in
                watch.putBack(taken.take())
                let events = watch.takeEvents(now: clock.now(), atMost: Self.step)
                taken.put(events)
                for event in events { try record(event, in: transaction) }
                return try work(transaction)
            }
        } catch {
            watch.putBack(taken.take())
            throw error
        }
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
                isEnforced: event.isEnforced, time: event.time),
            action: kind == .stopped ? .guardStopped : .guardCooled,
            detail: Self.detail(event.range, words, isEnforced: event.isEnforced), origin: .system, in: transaction)
    }

    private static func detail(_ range: TrafficRange, _ words: String, isEnforced: Bool) -> String {
        [range.kind.rawValue, range.publicName, words, isEnforced ? "" : "shadow"].filter { !$0.isEmpty }
            .joined(separator: " ")
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

/// Events that a unit of work took: where it fails they are put back.
private final class TakenEvents: Sendable {
    private let events = Mutex<[GuardEvent]>([])

    func put(_ taken: [GuardEvent]) { events.withLock { $0 = taken } }

    func take() -> [GuardEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
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
