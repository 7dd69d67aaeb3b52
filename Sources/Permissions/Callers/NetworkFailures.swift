import Synchronization

/// Failures of each network, so many a minute. Kept by this process alone.
final class NetworkFailures: Sendable {
    private static let minute: Int64 = 60_000
    private static let capacity = 10_000

    private let interval: Int64
    /// The moment at which a network's share is whole again, Unix milliseconds, by network.
    private let whole = Mutex<[String: Int64]>([:])

    /// - Parameter limit: failures a minute.
    init(limit: Int) { interval = Self.minute / Int64(limit) }

    /// Takes one failure. Nil if it is within the limit, else the seconds until one is again. `now` is in Unix
    /// milliseconds.
    func take(_ network: String, now: Int64) -> Int? {
        whole.withLock { whole in
            if whole[network] == nil, whole.count >= Self.capacity {
                whole = whole.filter { $0.value > now }
                // Whoever comes from everywhere at once is limited as one.
                if whole.count >= Self.capacity { return 1 }
            }
            let fullAt = max(whole[network] ?? now, now) + interval
            guard fullAt - now <= Self.minute else { return Int((fullAt - now - Self.minute + 999) / 1000) }
            whole[network] = fullAt
            return nil
        }
    }
}
