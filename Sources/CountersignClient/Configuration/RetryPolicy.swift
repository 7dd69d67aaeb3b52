/// How often, and after which pauses, a request is sent again. Only requests that may come twice are: reads, and sends
/// that carry an `Idempotency-Key`. An attempt, a login or a sign-up is sent again only where nothing of it can have
/// reached the server.
public struct RetryPolicy: Sendable, Hashable {
    /// Sends of one request, the first included; 1…10.
    public var attempts: Int
    /// The pause before the second send. Each further one is twice as long; chance shortens each by up to a half.
    public var firstPause: Duration
    /// No pause is longer. Where the server asks for a longer one (`Retry-After`), the request fails at once, and its
    /// error says when to come again.
    public var longestPause: Duration

    public init(attempts: Int = 3, firstPause: Duration = .milliseconds(250), longestPause: Duration = .seconds(10)) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// Three sends within some seconds.
    public static let standard = RetryPolicy()
    /// Each request once.
    public static let never = RetryPolicy(attempts: 1)

    private static let bounds = 1...10

    /// The pause after `failures` sends that failed; nil to give up.
    /// - Parameters:
    ///   - asked: what the server asked for.
    ///   - chance: 0…1.
    func pause(after failures: Int, asked: Duration?, chance: Double) -> Duration? {
        let sends = min(max(attempts, Self.bounds.lowerBound), Self.bounds.upperBound)
        guard failures < sends else { return nil }
        let grown = min(firstPause * (1 << (failures - 1)), longestPause)
        let own = grown * (1 - chance / 2)
        guard let asked else { return own }
        return asked <= longestPause ? max(asked, own) : nil
    }
}
