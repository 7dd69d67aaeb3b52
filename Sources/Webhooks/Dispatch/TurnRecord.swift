import AuditLog
import Storage

/// Writes down how a turn ended: each attempt, what becomes of its delivery, and what that says of the endpoint.
struct TurnRecord: Sendable {
    /// An attempt of the turn.
    struct Result: Sendable {
        let message: WebhookTurn.Message
        let result: WebhookAttemptResult
        let milliseconds: Int
    }

    /// An endpoint is disabled after so many failures in a row, if the first of them is so many milliseconds ago.
    static let failureLimit = 20
    static let failurePeriod: Int64 = 5 * 86_400_000
    /// Milliseconds until a message is tried again that could not be sent at all.
    static let postponement: Int64 = 5_000

    let turn: WebhookTurn
    let results: [Result]
    let audit: AuditTrail
    let schedule: RetrySchedule
    /// Unix milliseconds.
    let now: Int64
    /// For the schedule; 0 up to 1.
    let jitter: Double

    /// - Returns: true if the endpoint is disabled now.
    func write(in transaction: any Transaction) throws(StorageError) -> Bool {
        var ended = 0
        for result in results where try settle(result, in: transaction) { ended += 1 }
        try count(ended, in: transaction)
        let closing = try closingReason(in: transaction)
        if let closing {
            try EndpointClosing(workspace: turn.workspace, endpoint: turn.endpoint, now: now, audit: audit)
                .disable(closing, origin: .system, in: transaction)
        }
        try TurnClaims.release(turn.workspace, endpoint: turn.endpoint, now: now, in: transaction)
        return closing != nil
    }

    /// - Returns: true if the delivery was waiting, and waits no more.
    private func settle(_ result: Result, in transaction: any Transaction) throws(StorageError) -> Bool {
        guard result.result.counts else { return try postpone(result, in: transaction) }
        let pause = schedule.pause(after: result.message.failures + 1, jitter: jitter)
        let state: WebhookDeliveryState =
            result.result.isSuccess ? .delivered : pause == nil ? .dead : .waiting
        if let number = try move(result, to: state, due: now + (pause ?? 0), in: transaction) {
            try insert(result, number: number, in: transaction)
            if state == .dead {
                try DeadLetters.trim(workspace: turn.workspace, endpoint: turn.endpoint, in: transaction)
            }
            return state != .waiting
        }
        try settleEnded(result, in: transaction)
        return false
    }

    private func postpone(_ result: Result, in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE webhook_delivery SET due_at = $4
            WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND state = 'waiting'
            """, place(result) + [.integer(now + Self.postponement)])
        return false
    }

    /// - Returns: the attempt's number; nil if the delivery waits no more.
    private func move(
        _ result: Result, to state: WebhookDeliveryState, due: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Int64? {
        try transaction.row(
            """
            UPDATE webhook_delivery SET attempts = attempts + 1, failures = failures + $4, state = $5, due_at = $6,
                ended_at = $7, body = CASE WHEN $5 = 'delivered' THEN '' ELSE body END
            WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND state = 'waiting' RETURNING attempts
            """,
            place(result) + [
                .integer(result.result.isSuccess ? 0 : 1), .text(state.rawValue), .integer(due),
                state == .waiting ? .null : .integer(now),
            ])?.integer(0)
    }

    /// The endpoint was disabled while the attempt was under way: its delivery is a dead letter, unless it arrived.
    private func settleEnded(_ result: Result, in transaction: any Transaction) throws(StorageError) {
        let row = try transaction.row(
            """
            UPDATE webhook_delivery SET attempts = attempts + 1,
                state = CASE WHEN $4 = 1 THEN 'delivered' ELSE state END,
                body = CASE WHEN $4 = 1 THEN '' ELSE body END
            WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND state = 'dead' RETURNING attempts
            """, place(result) + [.integer(result.result.isSuccess ? 1 : 0)])
        if let row { try insert(result, number: try row.integer(0), in: transaction) }
    }

    private func insert(_ result: Result, number: Int64, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO webhook_attempt (workspace, endpoint, delivery, number, time, outcome, status, milliseconds)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            place(result) + [
                .integer(number), .integer(now), .text(result.result.name), .integer(Int64(result.result.status)),
                .integer(Int64(result.milliseconds)),
            ])
    }

    private func place(_ result: Result) -> [SQLValue] {
        [.text(turn.workspace), .text(turn.endpoint), .text(result.message.id)]
    }
}
