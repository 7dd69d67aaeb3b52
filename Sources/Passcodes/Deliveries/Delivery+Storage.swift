import EnclaveLink
import Storage

extension Delivery {
    private init(row: Row) throws {
        guard let channel = Channel(rawValue: try row.text(3)), let state = State(rawValue: try row.text(6)) else {
            throw PasscodeError.unavailable("a delivery cannot be read")
        }
        self.init(
            workspace: try row.text(0), challenge: try row.text(1), attempt: Int(try row.integer(2)), channel: channel,
            provider: try row.text(4), message: try row.text(5), state: state, reason: try row.text(7),
            startedAt: try row.integer(8), settledAt: try row.optionalInteger(9),
            reportedAt: try row.optionalInteger(10))
    }

    /// Writes down that a message is about to go out: where the host dies, this is what is found.
    static func begin(
        _ step: Route.Step, of challenge: Challenge, isFirst: Bool, at now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Delivery {
        let delivery = Delivery(
            workspace: challenge.workspace, challenge: challenge.id,
            attempt: isFirst
                ? 1 : try lastAttempt(of: challenge.id, workspace: challenge.workspace, in: transaction) + 1,
            channel: step.channel,
            provider: step.provider, startedAt: now)
        try delivery.insert(in: transaction)
        return delivery
    }

    /// The number of a challenge's newest message, 0 where it has none.
    static func lastAttempt(
        of challenge: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Int {
        let row = try transaction.row(
            "SELECT MAX(attempt) FROM delivery WHERE workspace = $1 AND challenge = $2",
            [.text(workspace), .text(challenge)])
        return Int(try row?.optionalInteger(0) ?? 0)
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO delivery
                (workspace, challenge, attempt, channel, provider, message, state, reason, started_at, settled_at,
                 reported_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(workspace), .text(challenge), .integer(Int64(attempt)), .text(channel.rawValue), .text(provider),
                .text(message), .text(state.rawValue), .text(reason), .integer(startedAt),
                settledAt.map { .integer($0) } ?? .null, reportedAt.map { .integer($0) } ?? .null,
            ])
    }

    /// Writes down what became of a message that was under way. False if that was done before.
    func settle(in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE delivery SET channel = $4, provider = $5, message = $6, state = $7, reason = $8, settled_at = $9
            WHERE workspace = $1 AND challenge = $2 AND attempt = $3 AND state = 'pending'
            """,
            [
                .text(workspace), .text(challenge), .integer(Int64(attempt)), .text(channel.rawValue), .text(provider),
                .text(message), .text(state.rawValue), .text(reason), settledAt.map { .integer($0) } ?? .null,
            ]) == 1
    }

    /// Writes down what a provider says of a message that it took. False if that changes nothing: it was said before, or
    /// more was said before. What arrived did not fail afterwards, whatever comes in later.
    func report(in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE delivery SET state = $4, reason = $5, reported_at = $6
            WHERE workspace = $1 AND challenge = $2 AND attempt = $3
                AND (state = 'sent' OR state = 'failed' AND $4 = 'delivered')
            """,
            [
                .text(workspace), .text(challenge), .integer(Int64(attempt)), .text(state.rawValue), .text(reason),
                reportedAt.map { .integer($0) } ?? .null,
            ]) == 1
    }

    /// The messages of a challenge, oldest first.
    static func all(of challenge: Challenge, in transaction: any Transaction) throws -> [Delivery] {
        try transaction.rows(
            """
            SELECT workspace, challenge, attempt, channel, provider, message, state, reason, started_at, settled_at,
                reported_at
            FROM delivery WHERE workspace = $1 AND challenge = $2 ORDER BY attempt
            """, [.text(challenge.workspace), .text(challenge.id)]
        ).map { try Delivery(row: $0) }
    }

    /// The newest message that a provider knows by this name.
    static func find(
        provider: String, message: String, in transaction: any Transaction
    ) throws -> Delivery? {
        guard !message.isEmpty else { return nil }
        return try transaction.row(
            """
            SELECT workspace, challenge, attempt, channel, provider, message, state, reason, started_at, settled_at,
                reported_at
            FROM delivery WHERE provider = $1 AND message = $2 AND message <> ''
            ORDER BY started_at DESC LIMIT 1
            """, [.text(provider), .text(message)]
        ).map { try Delivery(row: $0) }
    }

    /// At most `count` messages that are under way since before a time, oldest first.
    static func pending(begunBefore time: Int64, count: Int, in transaction: any Transaction) throws -> [Delivery] {
        try transaction.rows(
            """
            SELECT workspace, challenge, attempt, channel, provider, message, state, reason, started_at, settled_at,
                reported_at
            FROM delivery WHERE state = 'pending' AND started_at < $1 ORDER BY started_at LIMIT $2
            """, [.integer(time), .integer(Int64(count))]
        ).map { try Delivery(row: $0) }
    }

    /// Deletes the messages of a challenge.
    static func delete(
        of challenge: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM delivery WHERE workspace = $1 AND challenge = $2", [.text(workspace), .text(challenge)])
    }

    /// Deletes at most `count` messages of challenges that ended before a time, and returns how many.
    static func prune(
        before time: Int64, count: Int, in transaction: any Transaction
    ) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM delivery WHERE (workspace, challenge, attempt) IN
                (SELECT delivery.workspace, delivery.challenge, delivery.attempt FROM challenge
                 JOIN delivery ON delivery.workspace = challenge.workspace AND delivery.challenge = challenge.id
                 WHERE challenge.expires_at < $1 LIMIT $2)
            """, [.integer(time), .integer(Int64(count))])
    }
}
