import EnclaveLink
import Storage

/// What ends a sealed challenge empties its blob in the same statement: with the target key and the code gone, nothing
/// that is found later opens what was sealed to them.
extension Challenge {
    /// How many sealed challenges of a contact may still be won, decoys included, and when the first of them expires.
    /// What an enclave made that is gone counts no more.
    static func inFlight(
        like challenge: Challenge, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> (count: Int, firstExpiry: Int64?) {
        let row = try transaction.row(
            """
            SELECT COUNT(*), MIN(expires_at) FROM challenge
            WHERE workspace = $1 AND mode = $2 AND contact = $3 AND expires_at > $4 AND boot = $5
                AND flow <> '' AND state = 'pending'
            """,
            [
                .text(challenge.workspace), .text(challenge.mode.rawValue), .bytes(challenge.contact), .integer(now),
                .bytes(challenge.boot.bytes),
            ])
        guard let row else { return (0, nil) }
        return (Int(try row.integer(0)), try row.optionalInteger(1))
    }

    /// Marks a sealed challenge whose last attempt was counted.
    static func lock(_ id: String, workspace: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'locked', sealed = $3
            WHERE workspace = $1 AND id = $2 AND flow <> '' AND state = 'pending'
            """, [.text(workspace), .text(id), .bytes([])])
    }

    /// Takes the one success that a sealed challenge has. A right attempt may be the last one, which locked it, or the
    /// challenge's time may have ended since the enclave accepted it. False if somebody else took it, or it was canceled.
    static func takeSealedSuccess(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'verified', sealed = $3
            WHERE workspace = $1 AND id = $2 AND flow <> '' AND state NOT IN ('verified', 'canceled')
            """, [.text(workspace), .text(id), .bytes([])]) == 1
    }

    /// Undoes a challenge that no provider carried and nobody was told of.
    static func withdraw(_ id: String, workspace: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM challenge WHERE workspace = $1 AND id = $2 AND flow <> '' AND state = 'pending'",
            [.text(workspace), .text(id)])
        try Delivery.delete(of: id, workspace: workspace, in: transaction)
    }

    /// Marks at most `count` sealed challenges whose time is over, and returns how many.
    static func expire(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'expired', sealed = $3 WHERE (workspace, id) IN
                (SELECT workspace, id FROM challenge
                 WHERE expires_at <= $1 AND flow <> '' AND state = 'pending' LIMIT $2)
            """, [.integer(now), .integer(Int64(count)), .bytes([])])
    }
}
