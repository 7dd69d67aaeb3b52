import EnclaveLink
import JOSE
import Policies
import Storage
import Workspaces

/// A request as it was made, and what the policies of that time said: for trying out others on it.
public struct RecordedRequest: Sendable {
    public let permission: String
    public let facts: PermissionFacts
    /// Whether it was approved at once, left to people, or denied at once.
    public let action: PolicyAction
    public let policy: GrantingPolicy?
    /// Why, in the words of that time; of one that people were asked about, their words.
    public let reason: String?
}

extension PolicyDirectory {
    /// Hands the live requests since a time (Unix milliseconds) to `body`, oldest first. Permissions are remembered for
    /// 30 days.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func forEachRecordedRequest(
        since: Int64, workspace: String, _ body: (RecordedRequest) async throws -> Void
    ) async throws -> Int {
        // The hour before is counted, so that rates are right from the first request on.
        var rates = RequestRates()
        var next = PermissionIdentifier.first(at: since - RequestRates.window)
        var count = 0
        while !Task.isCancelled {
            let piece = try await recorded(from: next, workspace: workspace)
            for stored in piece {
                let earlier = rates.count(stored.agent, stored.action, at: stored.createdAt)
                guard stored.createdAt >= since, let request = try stored.request(earlier: earlier) else { continue }
                try await body(request)
                count += 1
            }
            guard let last = piece.last else { break }
            next = PermissionIdentifier.next(after: last.id)
        }
        return count
    }

    /// A request of either mode as it was recorded. Throws `notFound`.
    func recordedRequest(_ id: String, workspace: String) async throws(PermissionError) -> RecordedRequest {
        try await database.read(throwing: PermissionError.self) { transaction in
            let found = try StoredRequest.find(from: id, count: 1, workspace: workspace, in: transaction).first
            guard let stored = found, stored.id == id else { throw PermissionError.notFound("permission") }
            let earlier = try transaction.row(
                """
                SELECT COUNT(*) FROM permission
                WHERE workspace = $1 AND agent = $2 AND id > $3 AND id < $4 AND action = $5 AND mode = $6
                """,
                [
                    .text(workspace), .text(stored.agent),
                    .text(PermissionIdentifier.first(at: stored.createdAt - RequestRates.window)), .text(id),
                    .text(stored.action), .text(stored.mode),
                ])
            guard let request = try stored.request(earlier: Int(try earlier?.integer(0) ?? 0)) else {
                throw PermissionError.unavailable("a recorded request cannot be read")
            }
            return request
        }
    }

    private func recorded(from next: String, workspace: String) async throws(PermissionError) -> [StoredRequest] {
        try await database.read(throwing: PermissionError.self) { transaction in
            try StoredRequest.find(from: next, mode: .live, count: 1_000, workspace: workspace, in: transaction)
        }
    }
}

/// The part of a permission's row that says what was asked and what the policies said.
private struct StoredRequest: Sendable {
    let id: String
    let agent: String
    let action: String
    let resource: String?
    let scope: StoredJSON
    let context: StoredJSON
    let createdAt: Int64
    let decided: PolicyAction
    let policy: GrantingPolicy?
    let reason: String?
    let mode: String

    /// Those from an identifier on, of one mode or of both (nil), oldest first.
    static func find(
        from id: String, mode: ChallengeMode? = nil, count: Int, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [StoredRequest] {
        try transaction.rows(
            """
            SELECT id, agent, action, resource, scope, context, created_at, approvals_needed, decision, policy,
                policy_version, reason, mode
            FROM permission WHERE workspace = $1 AND id >= $2 AND ($3 = '' OR mode = $3) ORDER BY id LIMIT $4
            """, [.text(workspace), .text(id), .text(mode?.rawValue ?? ""), .integer(Int64(count))]
        ).map { row throws(StorageError) in try StoredRequest(row) }
    }

    private init(_ row: Row) throws(StorageError) {
        id = try row.text(0)
        agent = try row.text(1)
        action = try row.text(2)
        resource = try row.optionalText(3)
        scope = StoredJSON(text: try row.text(4))
        context = StoredJSON(text: try row.text(5))
        createdAt = try row.integer(6)
        let asksPeople = try row.integer(7) > 0
        decided = asksPeople ? .requireApproval : try row.optionalText(8) == "denied" ? .deny : .autoApprove
        let policy = try row.text(9)
        self.policy = policy.isEmpty ? nil : GrantingPolicy(id: policy, version: Int(try row.integer(10)))
        reason = try row.optionalText(11)
        mode = try row.text(12)
    }

    /// Nil for what today's program would not take as a request.
    func request(earlier: Int) throws -> RecordedRequest? {
        guard let scope = try? Scope(scope.value()) else { return nil }
        let facts = try? PermissionFacts(
            action: action, resource: resource, agentId: agent, scope: scope, context: try context.value(),
            isTest: mode == ChallengeMode.test.rawValue, now: createdAt, requestsInLastHour: earlier)
        return facts.map {
            RecordedRequest(permission: id, facts: $0, action: decided, policy: policy, reason: reason)
        }
    }
}

/// Counts the requests of each agent for each action in the hour before, in the order of their making.
private struct RequestRates {
    /// Milliseconds.
    static let window: Int64 = 3_600_000

    private struct Subject: Hashable {
        var agent: String
        var action: String
    }

    private var times: [Subject: [Int64]] = [:]

    /// How many there were in the hour before this one, which counts from now on.
    mutating func count(_ agent: String, _ action: String, at now: Int64) -> Int {
        let subject = Subject(agent: agent, action: action)
        let recent = (times[subject] ?? []).drop { $0 < now - Self.window }
        times[subject] = recent + [now]
        return recent.count
    }
}
