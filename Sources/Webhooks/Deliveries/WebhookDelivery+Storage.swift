import Storage

extension WebhookDelivery {
    /// Reads the columns id, event_type, state, attempts, due_at, created_at, ended_at, and the last attempt's number,
    /// time, outcome, status, milliseconds.
    init(_ row: Row) throws {
        guard let state = WebhookDeliveryState(rawValue: try row.text(2)) else {
            throw WebhookError.unavailable("a webhook delivery's state cannot be read")
        }
        self.init(
            id: try row.text(0), type: try row.text(1), state: state, attempts: Int(try row.integer(3)),
            lastAttempt: try row.optionalInteger(7) == nil ? nil : try WebhookAttempt(row, first: 7),
            dueAt: state == .waiting ? try row.integer(4) : nil, createdAt: try row.integer(5),
            endedAt: try row.optionalInteger(6))
    }
}

extension WebhookAttempt {
    /// Reads the columns number, time, outcome, status, milliseconds, from `first` on.
    init(_ row: Row, first: Int = 0) throws {
        let status = Int(try row.integer(first + 3))
        guard let result = WebhookAttemptResult(name: try row.text(first + 2), status: status) else {
            throw WebhookError.unavailable("a webhook attempt's outcome cannot be read")
        }
        self.init(
            number: Int(try row.integer(first)), time: try row.integer(first + 1), result: result,
            milliseconds: Int(try row.integer(first + 4)))
    }
}
