import AuditLog
import Storage
import Synchronization
import Workspaces

/// Writes down the calls that were refused: each is an entry of the audit and, where it was a key that was not let in, a
/// count of the metrics, in one unit of work. Nobody fills the log: of one source only so many a minute get an entry of
/// their own, and of one workspace's; the rest is counted, and one entry a minute says how many there were.
public final class RefusedCalls: Sendable {
    /// Entries a minute of one source: a network, or a key.
    static let limit = 20
    /// Entries a minute of one workspace, and of the keys that are nobody's.
    static let workspaceLimit = 600
    /// Milliseconds after which the rest is written.
    static let restPeriod: Int64 = 60_000
    private static let capacity = 10_000

    /// What got no entry of its own.
    private struct Rest: Sendable {
        var count: Int
        /// Unix milliseconds.
        let since: Int64
    }

    private let database: any Database
    private let audit: AuditTrail
    private let clock: WallClock
    /// Apart, so that strangers from everywhere at once leave room for known callers.
    private let strangers = MinuteRates(capacity: capacity)
    private let sources = MinuteRates(capacity: capacity)
    private let workspaces = MinuteRates(capacity: capacity)
    private let rests = Mutex<[RefusedKind: Rest]>([:])

    public init(database: any Database, audit: AuditTrail, clock: WallClock = .system) {
        self.database = database
        self.audit = audit
        self.clock = clock
    }

    /// Writes one down. Nil if it has an entry of its own, else the seconds until its source gets one again.
    /// Throws `unavailable`.
    func add(_ call: RefusedCall) async throws(PermissionError) -> Int? {
        let now = clock.now()
        let rates = call.workspace == nil ? strangers : sources
        var taking = rates.take(of: call.source, limit: Self.limit, now: now)
        if taking.isTaken {
            taking = workspaces.take(of: call.workspace ?? "", limit: Self.workspaceLimit, now: now)
        }
        guard taking.isTaken else {
            count(1, RefusedKind(call), since: now)
            return taking.wait
        }
        try await database.write(throwing: PermissionError.self) { transaction in
            try call.write(count: 1, since: now, at: now, to: self.audit, in: transaction)
        }
        return nil
    }

    /// Writes what got no entry of its own: what a minute has passed since, or all of it.
    public func writeRest(all: Bool = false) async throws(PermissionError) {
        let now = clock.now()
        let due = rests.withLock { rests in
            let due = rests.filter { all || $0.value.since + Self.restPeriod <= now }
            for kind in due.keys { rests[kind] = nil }
            return due
        }
        guard !due.isEmpty else { return }
        do {
            try await database.write(throwing: PermissionError.self) { transaction in
                for (kind, rest) in due {
                    try RefusedCall.rest(rest.count, of: kind).write(
                        count: rest.count, since: rest.since, at: now, to: self.audit, in: transaction)
                }
            }
        } catch {
            for (kind, rest) in due { count(rest.count, kind, since: rest.since) }
            throw error
        }
    }

    private func count(_ count: Int, _ kind: RefusedKind, since now: Int64) {
        rests.withLock { $0[kind, default: Rest(count: 0, since: now)].count += count }
    }
}

extension RefusedCall {
    /// The one entry of all that got none of their own.
    fileprivate static func rest(_ count: Int, of kind: RefusedKind) -> RefusedCall {
        RefusedCall(
            workspace: kind.workspace, agent: kind.agent, action: kind.action, record: "", origin: .system,
            detail: "\(count) more", source: "")
    }
}
