import AuditLog
import Storage
import Workspaces

/// Requests that showed no good key. Each is an entry of the audit log and counts in the metrics, up to twenty a minute
/// of one network: beyond that they are refused without more, so that nobody fills the log.
public struct FailedAuthentications: Sendable {
    /// Failures a minute of one network that are looked at.
    static let limit = 20

    let database: any Database
    let clock: WallClock
    let counters: PermissionCounters
    let audit = AuditTrail()
    private let networks = NetworkFailures(limit: limit)

    public init(database: any Database, counters: PermissionCounters, clock: WallClock = .system) {
        self.database = database
        self.counters = counters
        self.clock = clock
    }

    /// What a request gets whose key was not let in.
    func refuse(_ failure: FailedAuthentication, _ peer: RequestPeer) async -> PermissionError {
        await refuse(.workspace(failure.error), of: failure.caller, peer)
    }

    /// What a request gets whose key is good and that was not let in all the same.
    func refuse(_ error: PermissionError, of caller: Caller?, _ peer: RequestPeer) async -> PermissionError {
        // A store that does not answer is no failure of the caller's.
        if error.isOurs { return error }
        counters.add(.failedAuthentication)
        let now = clock.now()
        if let wait = networks.take(peer.network ?? "", now: now) { return .authenticationThrottled(retryAfter: wait) }
        do {
            try await record(error, of: caller, peer, now: now)
            return error
        } catch let failure {
            return failure
        }
    }

    private func record(
        _ error: PermissionError, of caller: Caller?, _ peer: RequestPeer, now: Int64
    ) async throws(PermissionError) {
        let principal = caller.map { Principal.key($0.keyIdentifier) } ?? .visitor
        let origin = RequestOrigin(
            principal: principal, request: peer.request, address: peer.name, userAgent: peer.userAgent)
        let agent = caller.map { $0.kind.isAgents ? $0.holder : "" } ?? ""
        let record = caller?.keyIdentifier ?? ""
        try await database.write(throwing: PermissionError.self) { transaction in
            let workspace = try caller?.workspace.id ?? Self.onlyWorkspace(transaction)
            try transaction.execute(
                """
                INSERT INTO failed_authentication (workspace, agent, minute, failures) VALUES ($1, $2, $3, 1)
                ON CONFLICT (workspace, agent, minute) DO UPDATE SET failures = failed_authentication.failures + 1
                """, [.text(workspace), .text(agent), .integer(now / 60_000)])
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .authenticationFailed, record: record, agent: agent,
                    outcome: .refused, origin: origin, detail: error.word), in: transaction)
        }
    }

    /// Deletes at most `count` counts that no figure goes back to, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM failed_authentication WHERE (workspace, agent, minute) IN
                (SELECT workspace, agent, minute FROM failed_authentication WHERE minute < $1 LIMIT $2)
            """, [.integer((now - MetricsPeriod.month.length) / 60_000), .integer(Int64(count))])
    }

    /// A key that is nobody's is the business of the only workspace, or of the whole instance where there are several.
    private static func onlyWorkspace(_ transaction: any Transaction) throws(StorageError) -> String {
        let workspaces = try transaction.rows("SELECT id FROM workspace ORDER BY id LIMIT 2", [])
        guard workspaces.count == 1, let only = workspaces.first else { return "-" }
        return try only.text(0)
    }
}

extension PermissionError {
    /// True for what is no answer to the caller's credentials.
    fileprivate var isOurs: Bool {
        switch code {
        case .unavailable: true
        case .workspace(let error): error.code == .unavailable || error.code == .rateLimited
        default: false
        }
    }

    /// The reason, as the audit says it.
    fileprivate var word: String {
        guard case .workspace(let error) = code else { return "\(code)" }
        return "\(error.code)"
    }
}
