/// A limit as whoever reached it may know it.
public struct RateLimitPolicy: Equatable, Sendable {
    /// What is counted, in ASCII letters and `_`, such as `network`.
    public let name: String
    /// Uses in a period.
    public let uses: Int
    /// The period's seconds.
    public let seconds: Int

    public init(name: String, uses: Int, seconds: Int) {
        self.name = name
        self.uses = uses
        self.seconds = seconds
    }
}
