import Synchronization

/// So many a minute of each of many subjects, by the generic cell rate algorithm (ITU-T I.371): so many at once, and each
/// is given back evenly. Kept by this process alone: these are limits on load, and a write for each would be the load.
public final class MinuteRates: Sendable {
    /// What came of taking one.
    public struct Taking: Equatable, Sendable {
        /// False where none was left; nothing was taken then.
        public let isTaken: Bool
        /// How many are left.
        public let remaining: Int
        /// Seconds until all are there again.
        public let reset: Int
        /// Seconds until one is there again; 0 where one was taken.
        public let wait: Int
    }

    /// Microseconds, because a million a minute are 60 of them apart.
    private static let minute: Int64 = 60_000_000

    private let capacity: Int
    /// The moment at which a subject's rate is whole again, in microseconds, by subject.
    private let whole = Mutex<[String: Int64]>([:])

    /// - Parameter capacity: subjects that are remembered, at most. Beyond that a new one gets nothing: whoever comes
    ///   from everywhere at once is limited as one.
    public init(capacity: Int) { self.capacity = capacity }

    /// Takes one.
    ///
    /// - Parameters:
    ///   - limit: how many a minute, 1 or more.
    ///   - now: Unix milliseconds.
    public func take(of subject: String, limit: Int, now: Int64) -> Taking {
        let (interval, now) = (Self.minute / Int64(limit), now * 1000)
        return whole.withLock { whole in
            if whole[subject] == nil, whole.count >= capacity {
                whole = whole.filter { $0.value > now }
                guard whole.count < capacity else { return Taking(isTaken: false, remaining: 0, reset: 60, wait: 1) }
            }
            let before = max(whole[subject] ?? now, now)
            let isTaken = before + interval - now <= Self.minute
            let after = isTaken ? before + interval : before
            if isTaken { whole[subject] = after }
            return Taking(
                isTaken: isTaken, remaining: Int((Self.minute - (after - now)) / interval),
                reset: Self.seconds(after - now),
                wait: isTaken ? 0 : max(1, Self.seconds(after + interval - now - Self.minute)))
        }
    }

    /// Gives back one that was taken.
    ///
    /// - Parameter limit: as it was taken with.
    public func giveBack(of subject: String, limit: Int) {
        whole.withLock { $0[subject]? -= Self.minute / Int64(limit) }
    }

    private static func seconds(_ microseconds: Int64) -> Int { Int((microseconds + 999_999) / 1_000_000) }
}
