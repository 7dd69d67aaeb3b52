import Synchronization

/// Requests a minute of each agent, by the generic cell rate algorithm (ITU-T I.371): so many at once, and each is given
/// back evenly. Kept by this process alone: it is a limit on load, and a write for each request would be the load.
final class AgentRates: Sendable {
    private static let minute: Int64 = 60_000
    private static let capacity = 100_000

    /// The moment at which an agent's rate is whole again, in microseconds, by agent.
    private let whole = Mutex<[String: Int64]>([:])

    /// Takes one request. `now` is in Unix milliseconds. Throws `rateLimited`.
    func take(of agent: Agent, now: Int64) throws(PermissionError) -> RateState {
        let limit = agent.profile.rateLimit
        // Microseconds, because a million a minute are 60 of them apart.
        let (period, now) = (Self.minute * 1000, now * 1000)
        let interval = period / Int64(limit)
        let (taken, fullAt) = whole.withLock { whole in
            if whole.count >= Self.capacity { whole = whole.filter { $0.value > now } }
            let fullAt = max(whole[agent.id] ?? now, now) + interval
            guard fullAt - now <= period else { return (false, fullAt - interval) }
            whole[agent.id] = fullAt
            return (true, fullAt)
        }
        let state = RateState(
            limit: limit, remaining: max(0, Int((period - (fullAt - now)) / interval)),
            reset: Self.seconds(fullAt - now))
        guard taken else {
            throw .rateLimited(state, retryAfter: max(1, Self.seconds(fullAt + interval - now - period)))
        }
        return state
    }

    private static func seconds(_ microseconds: Int64) -> Int { Int((microseconds + 999_999) / 1_000_000) }
}
