import EnclaveLink
import Storage
import Synchronization
import Workspaces

/// Up to which time codes have been looked through for those that expired.
final class ExpiryWatch: Sendable {
    private let lookedUntil = Mutex<Int64?>(nil)

    /// The times to look through next. After a start everything that is still remembered.
    func period(until now: Int64) -> (after: Int64, until: Int64) {
        lookedUntil.withLock { (after: $0 ?? now - Challenge.memory, until: now) }
    }

    func finish(_ now: Int64) { lookedUntil.withLock { $0 = now } }
}

extension Challenges {
    /// Tells of the codes whose time is over, where somebody listens. Elsewhere nothing is written: that a code has
    /// expired is seen from its time.
    func tellExpired(now: Int64) async throws(PasscodeError) {
        guard let outbox else { return }
        let period = expiries.period(until: now)
        let listening = try await database.read(throwing: PasscodeError.self) {
            try outbox.workspaces(listeningTo: .expired, in: $0)
        }
        for workspace in listening {
            try await database.prune(throwing: PasscodeError.self) { count, transaction in
                let expired = try Challenge.expired(
                    workspace: workspace, after: period.after, until: period.until, count: count, in: transaction)
                for id in expired where try Challenge.markExpired(id, workspace: workspace, in: transaction) {
                    guard let challenge = try Challenge.find(id, workspace: workspace, in: transaction) else {
                        continue
                    }
                    try self.tell(.expired, of: challenge, at: now, in: transaction)
                }
                return expired.count
            }
        }
        expiries.finish(now)
    }
}
