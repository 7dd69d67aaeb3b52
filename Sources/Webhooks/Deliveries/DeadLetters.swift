import Storage

/// The list of what could not be delivered.
enum DeadLetters {
    /// Dead letters that are kept for one endpoint; the oldest make room.
    static let limit = 10_000

    /// Deletes what is too many.
    static func trim(
        workspace: String, endpoint: String, limit: Int = limit, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            DELETE FROM webhook_delivery WHERE workspace = $1 AND endpoint = $2 AND state = 'dead' AND id IN
                (SELECT id FROM webhook_delivery WHERE workspace = $1 AND endpoint = $2 AND state = 'dead'
                 ORDER BY ended_at DESC, id DESC LIMIT 10000 OFFSET $3)
            """, [.text(workspace), .text(endpoint), .integer(Int64(limit))])
    }
}
