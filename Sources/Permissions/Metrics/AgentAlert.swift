/// A figure of a workspace's agents that is out of bounds.
public enum AgentAlert: String, CaseIterable, Sendable {
    /// More than half of what was decided in the last hour was denied: an agent that tries what it may not, or a policy
    /// that fits nothing any more.
    case denialRate = "denial_rate"
    /// More than 30 % of the tokens that ended in the last hour were never used: an agent that hoards permissions.
    case unusedTokens = "unused_tokens"
    /// More than three times as many requests in the last hour as in an hour of the last day, on average.
    case requestVolume = "request_volume"
    /// More than 50 refused keys in the last hour: somebody guesses, or an agent has an old key.
    case failedAuthentications = "failed_authentications"

    /// Shares are looked at from so many on: of three requests two denials say nothing.
    static let leastCount = 20
    static let leastVolume = 100
    static let denialRateLimit = 0.5
    static let unusedTokenLimit = 0.3
    static let volumeFactor = 3
    static let failureLimit = 50

    /// The value that is looked at, and the one above which it is out of bounds; nil where there is too little to tell.
    func reading(hour: AgentFigures, day: AgentFigures) -> (value: Double, limit: Double)? {
        switch self {
        case .denialRate:
            guard hour.approved + hour.denied >= Self.leastCount else { return nil }
            return (hour.denialRate, Self.denialRateLimit)
        case .unusedTokens:
            guard hour.tokensUsed + hour.tokensUnused >= Self.leastCount else { return nil }
            return (hour.unusedTokenRate, Self.unusedTokenLimit)
        case .requestVolume:
            // Without earlier hours nobody knows what is usual.
            guard hour.requests >= Self.leastVolume, day.requests > hour.requests else { return nil }
            return (Double(hour.requests), Double(day.requests * Self.volumeFactor) / 24)
        case .failedAuthentications:
            return (Double(hour.failedAuthentications), Double(Self.failureLimit))
        }
    }
}

/// An alert that was raised, or is over.
public struct AgentAlertChange: Sendable, Equatable {
    public let workspace: String
    public let alert: AgentAlert
    public let isRaised: Bool
    /// What was measured, and the limit; both 0 where there is too little left to tell.
    public let value: Double
    public let limit: Double
    /// Unix milliseconds.
    public let time: Int64
}
