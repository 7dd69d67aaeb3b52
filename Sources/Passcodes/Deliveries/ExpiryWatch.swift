import Synchronization

/// Up to which time codes have been looked through for those that expired.
final class ExpiryWatch: Sendable {
    /// Milliseconds that are looked through at once, so that nobody waits for it long.
    private static let step: Int64 = 600_000

    private let lookedUntil = Mutex<Int64?>(nil)

    /// The times to look through next, nil if all are. After a start everything that is still remembered comes by.
    func next(until now: Int64) -> (after: Int64, until: Int64)? {
        let after = lookedUntil.withLock { $0 } ?? now - Challenge.memory
        return after < now ? (after: after, until: min(now, after + Self.step)) : nil
    }

    func finish(_ time: Int64) { lookedUntil.withLock { $0 = time } }

    /// Up to which time all codes have been looked through.
    func end(now: Int64) -> Int64 { lookedUntil.withLock { $0 } ?? now - Challenge.memory }
}
