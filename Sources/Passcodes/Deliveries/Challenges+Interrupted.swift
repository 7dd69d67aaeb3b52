import AuditLog
import Storage
import Workspaces

extension Challenges {
    /// Ends the sends that were under way when the server died, or that a store which took nothing kept from being written
    /// down: nobody knows whether their messages went out, and no second one does, under the same `Idempotency-Key`
    /// neither. To be called before the first request is taken, and now and then.
    ///
    /// - Parameter time: those that began earlier, in Unix milliseconds; nil for all.
    /// - Returns: how many there were.
    @discardableResult
    public func endInterrupted(begunBefore time: Int64? = nil) async throws(PasscodeError) -> Int {
        let step = 200
        var (ended, last) = (0, step)
        if let time {
            // Most often there is none, and nobody has to wait for a unit of work.
            let oldest = try await database.read(throwing: PasscodeError.self) { transaction in
                try Delivery.pending(begunBefore: time, count: 1, in: transaction)
            }
            if oldest.isEmpty { return 0 }
        }
        while last == step {
            let settled = try await database.write(throwing: PasscodeError.self) { transaction in
                try Delivery.pending(begunBefore: time ?? .max, count: step, in: transaction).map {
                    try self.end($0, in: transaction)
                }
            }
            for case let (delivery, challenge)? in settled { note([delivery], of: challenge) }
            last = settled.count
            ended += last
        }
        return ended
    }

    /// Nil where the message was settled in the meantime, or nobody remembers its code.
    private func end(_ delivery: Delivery, in transaction: any Transaction) throws -> (Delivery, Challenge)? {
        var delivery = delivery
        let now = clock.now()
        (delivery.state, delivery.reason, delivery.settledAt) = (.failed, Delivery.interrupted, now)
        guard try delivery.settle(in: transaction),
            let challenge = try Challenge.find(delivery.challenge, workspace: delivery.workspace, in: transaction)
        else { return nil }
        try SendRecord.endInterrupted(of: challenge.id, workspace: challenge.workspace, in: transaction)
        try audit.append(
            AuditEntry(
                workspace: challenge.workspace, time: now, action: .challengeDispatched, record: challenge.id,
                outcome: .failed, origin: .system, subject: AuditSubject(digest: challenge.contact),
                detail: "\(delivery.provider): \(delivery.reason)"), in: transaction)
        try tell(.failed, of: challenge, by: delivery, at: now, in: transaction)
        return (delivery, challenge)
    }
}
