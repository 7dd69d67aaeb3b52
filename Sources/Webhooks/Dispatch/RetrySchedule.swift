/// How long a delivery waits after each attempt that failed.
public struct RetrySchedule: Equatable, Sendable {
    /// Seconds after the first failure, the second and so on. After as many failures and one more a delivery is dead.
    public let pauses: [Int]

    /// What Standard Webhooks advises: eight attempts in somewhat more than a day.
    public static let usual = RetrySchedule(pauses: [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000])
    /// How many pauses there may be.
    public static let counts = 0...20
    /// What each may be, in seconds.
    public static let range = 1...604_800

    public init(pauses: [Int]) { self.pauses = pauses }

    /// Milliseconds until the next attempt; nil if there is none.
    ///
    /// - Parameters:
    ///   - failures: attempts that failed, 1 or more.
    ///   - jitter: 0 up to 1, at random: up to a fifth of the pause comes on top, so that what failed together does not
    ///     come back together.
    func pause(after failures: Int, jitter: Double) -> Int64? {
        guard pauses.indices.contains(failures - 1) else { return nil }
        return Int64(Double(pauses[failures - 1]) * 1000 * (1 + jitter / 5))
    }
}
