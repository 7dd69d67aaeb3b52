import Storage

/// What a turn says of its endpoint.
extension TurnRecord {
    /// - Parameter ended: deliveries that wait no more.
    func count(_ ended: Int, in transaction: any Transaction) throws(StorageError) {
        let attempts = results.map(\.result).filter(\.counts)
        guard !attempts.isEmpty else { return }
        let place: [SQLValue] = [.text(turn.workspace), .text(turn.endpoint)]
        try transaction.execute(
            """
            UPDATE webhook_endpoint SET waiting = waiting - $3,
                is_full = CASE WHEN waiting - $3 < $4 THEN 0 ELSE is_full END
            WHERE workspace = $1 AND id = $2 AND state = 'enabled'
            """, place + [.integer(Int64(ended)), .integer(Int64(WebhookEndpoint.waitingLimit / 2))])
        if attempts.contains(where: \.isSuccess) {
            try transaction.execute(
                """
                UPDATE webhook_endpoint SET failures = 0, failing_since = NULL, delivered_at = $3
                WHERE workspace = $1 AND id = $2
                """, place + [.integer(now)])
        } else {
            try transaction.execute(
                """
                UPDATE webhook_endpoint SET failures = failures + $3, failing_since = COALESCE(failing_since, $4)
                WHERE workspace = $1 AND id = $2
                """, place + [.integer(Int64(attempts.count)), .integer(now)])
        }
    }

    /// Why the endpoint should get nothing more; nil if it should.
    func closingReason(
        in transaction: any Transaction
    ) throws(StorageError) -> WebhookEndpointState.DisabledReason? {
        if results.contains(where: \.result.isGone) { return .gone }
        let failing = try transaction.row(
            """
            SELECT 1 FROM webhook_endpoint
            WHERE workspace = $1 AND id = $2 AND failures >= $3 AND failing_since <= $4
            """,
            [
                .text(turn.workspace), .text(turn.endpoint), .integer(Int64(Self.failureLimit)),
                .integer(now - Self.failurePeriod),
            ])
        return failing == nil ? nil : .failing
    }
}
